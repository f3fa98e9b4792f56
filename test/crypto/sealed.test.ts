import { encodeBase64, encodeHexLowerCase } from '@oslojs/encoding'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { random } from '../../workers/app/crypto/bytes.ts'
import { open, type Place, seal } from '../../workers/app/crypto/sealed.ts'
import { secret } from '../../workers/app/crypto/secret.ts'
import { keyringOf, keyringRow, messageOf, newKey } from '../lib/keys.ts'

const keyring = keyringOf(keyringRow())
const keys = [{ epoch: 1, salt: random(32) }]
const place: Place = {
  workspaceId: newId('workspace'),
  table: 'integration',
  rowId: newId('integration'),
  column: 'sealed_config',
}

test('what was sealed opens again, whatever the text', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 500 }))
  await fc.assert(
    fc.asyncProperty(text, async (plaintext) => {
      const opened = await open(keyring, keys, place, await seal(keyring, keys, place, plaintext))
      expect(opened.reveal()).toBe(plaintext)
    }),
  )
})

test('the same text sealed twice gives two blobs, and none of them holds the text', async () => {
  const plaintext = newKey()
  const blobs = await Promise.all([1, 2].map(() => seal(keyring, keys, place, plaintext)))
  const texts = blobs.map((blob) => encodeHexLowerCase(blob))
  expect(new Set(texts.map((text) => text.slice(14))).size).toBe(2)
  for (const text of texts) expect(text).not.toContain(encodeHexLowerCase(new TextEncoder().encode(plaintext)))
})

test('a blob with any byte changed, cut off or added does not open', async () => {
  const blob = await seal(keyring, keys, place, newKey())
  const bytes = blob.length
  const changed = [...blob.keys()].flatMap((at) =>
    [1, 0x80, 0xff].map((mask) => blob.map((byte, i) => (i === at ? byte ^ mask : byte))),
  )
  const resized = [...Array.from({ length: bytes }, (_, length) => blob.slice(0, length)), Uint8Array.of(...blob, 0)]
  for (const wrong of [...changed, ...resized])
    expect(await messageOf(() => open(keyring, keys, place, wrong))).toMatch(
      /^A sealed credential cannot be opened: .+\.$/,
    )
})

test('a blob opens only in the workspace, table, row and column that it was sealed for', async () => {
  const blob = await seal(keyring, keys, place, newKey())
  const elsewhere: Place[] = [
    { ...place, workspaceId: newId('workspace') },
    { ...place, table: 'monitor' },
    { ...place, rowId: newId('integration') },
    { ...place, column: 'config' },
    // The same characters in all, cut at another place.
    { ...place, table: `${place.table}${place.rowId[0]}`, rowId: place.rowId.slice(1) },
    { ...place, rowId: `${place.rowId}s`, column: 'ealed_config' },
  ]
  for (const moved of elsewhere)
    expect(await messageOf(() => open(keyring, keys, moved, blob))).toMatch(/changed or moved|another key/)
})

test('a blob of an unknown version, key or epoch is refused by name', async () => {
  const blob = await seal(keyring, keys, place, newKey())
  const withByte = (at: number, value: number) => blob.map((byte, i) => (i === at ? value : byte))
  const kid = encodeHexLowerCase(withByte(1, (blob[1] ?? 0) ^ 1).subarray(1, 5))
  expect(await messageOf(() => open(keyring, keys, place, withByte(0, 7)))).toContain('version 7 is unknown')
  expect(await messageOf(() => open(keyring, keys, place, new Uint8Array()))).toContain('version none is unknown')
  expect(await messageOf(() => open(keyring, keys, place, withByte(1, (blob[1] ?? 0) ^ 1)))).toContain(
    `the key ${kid} is not in the keyring`,
  )
  expect(await messageOf(() => open(keyring, keys, place, withByte(6, 9)))).toContain('the salt of epoch 9 is gone')
})

test('once the salt of a workspace is deleted, nothing that it sealed opens', async () => {
  const blob = await seal(keyring, keys, place, newKey())
  expect(await messageOf(() => open(keyring, [], place, blob))).toContain('the salt of epoch 1 is gone')
  const another = [{ epoch: 1, salt: random(32) }]
  expect(await messageOf(() => open(keyring, another, place, blob))).toContain('it was made with another key')
  expect(await messageOf(() => seal(keyring, [], place, newKey()))).toContain('no key salt')
})

test('a new key or epoch seals from then on, and what was sealed before still opens', async () => {
  const old = keyringRow()
  const first = keyringOf(old)
  const second = keyringOf({ ...old, state: 'decrypt' }, keyringRow())
  const epochs = [...keys, { epoch: 300, salt: random(32) }]
  const before = await seal(first, keys, place, 'before')
  const after = await seal(second, epochs, place, 'after')
  expect((await open(second, epochs, place, before)).reveal()).toBe('before')
  expect((await open(second, epochs, place, after)).reveal()).toBe('after')
  expect(encodeHexLowerCase(after.subarray(1, 7))).toBe(`${second.active.kid}012c`)
  expect(await messageOf(() => open(first, epochs, place, after))).toContain(second.active.kid)
})

test('no message about a blob that does not open holds a key, a salt or the text', async () => {
  const row = keyringRow()
  const ring = keyringOf(row)
  const plaintext = newKey()
  const blob = await seal(ring, keys, place, plaintext)
  const wrongs = [...blob.keys()].map((at) => blob.map((byte, i) => (i === at ? byte ^ 1 : byte)))
  const messages = await Promise.all(wrongs.map((wrong) => messageOf(() => open(ring, keys, place, wrong))))
  const material = [ring.active.key, ...keys.map(({ salt }) => salt), new TextEncoder().encode(plaintext)]
  const spellings = material.flatMap((bytes) => [encodeBase64(bytes), encodeHexLowerCase(bytes), bytes.join()])
  for (const spelling of [plaintext, ...spellings]) expect(messages.join('\n')).not.toContain(spelling)
})

test('an opened secret does not show itself in JSON, in text or among its own fields', () => {
  const value = newKey()
  const hidden = secret(value)
  const shown = [
    JSON.stringify({ hidden, list: [hidden] }),
    `${hidden}`,
    String(hidden),
    `${hidden.toString()} ${[hidden].join()}`,
    JSON.stringify(Object.values(hidden)),
    Object.values(hidden).join(),
    JSON.stringify({ ...hidden }),
  ]
  for (const text of shown) expect(text).not.toContain(value)
  expect(shown[0]).toBe('{"hidden":"[secret]","list":["[secret]"]}')
  expect(shown.slice(1, 4)).toEqual(['[secret]', '[secret]', '[secret] [secret]'])
  expect(hidden.reveal()).toBe(value)
})
