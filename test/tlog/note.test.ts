import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBase64, toBase64 } from '../../shared/domain/base64.ts'
import { formatTreeHead, parseTreeHead, readCheckpoint, signCheckpoint } from '../../shared/domain/checkpoint.ts'
import {
  formatVerifier,
  noteVerifier,
  parseNote,
  parseVerifier,
  signNote,
  verifyNote,
} from '../../shared/domain/note.ts'

// The example of c2sp.org/signed-note.
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`

async function newKey() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  return { key: pair.privateKey, publicKey }
}

async function verifies(note: string, vkey: string): Promise<boolean> {
  const [parsed, verifier] = [parseNote(note), await parseVerifier(vkey)]
  return parsed !== null && verifier !== null && verifyNote(parsed, [verifier])
}

describe('a signed note', () => {
  test('that somebody else published verifies, and its key is written down as they write it', async () => {
    expect(await verifies(NOTE, VKEY)).toBe(true)
    const verifier = await parseVerifier(VKEY)
    expect(verifier && formatVerifier(verifier)).toBe(VKEY)
  })

  test('of ours verifies under its own key and name, and under no other', async () => {
    const { key, publicKey } = await newKey()
    const note = await signNote('one\n\ntwo\n', 'candor.test/audit/a', key, publicKey)
    const vkey = async (name: string, of = publicKey) => formatVerifier(await noteVerifier(name, of))
    expect(await verifies(note, await vkey('candor.test/audit/a'))).toBe(true)
    expect(await verifies(note, await vkey('candor.test/audit/b'))).toBe(false)
    expect(await verifies(note, await vkey('candor.test/audit/a', (await newKey()).publicKey))).toBe(false)
    expect(parseNote(note)?.text).toBe('one\n\ntwo\n')
  })

  test('with any one bit of it changed is refused', async () => {
    const bytes = new TextEncoder().encode(NOTE)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const changed = bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte))
        expect(await verifies(new TextDecoder().decode(changed), VKEY)).toBe(false)
      }),
      { numRuns: 400 },
    )
  })

  test('ignores signatures of unknown keys, and is refused whole for a wrong one of a known key', async () => {
    const [a, b] = [await newKey(), await newKey()]
    const signedA = await signNote('text\n', 'a', a.key, a.publicKey)
    const lineB = (await signNote('text\n', 'b', b.key, b.publicKey)).split('\n\n')[1]
    const wrongB = (await signNote('other\n', 'b', b.key, b.publicKey)).split('\n\n')[1]
    const [keyA, keyB] = [await noteVerifier('a', a.publicKey), await noteVerifier('b', b.publicKey)]
    const parse = (note: string) => parseNote(note) ?? { text: '', signatures: [] }
    expect(await verifyNote(parse(signedA + lineB), [keyA])).toBe(true)
    expect(await verifyNote(parse(signedA + lineB), [keyA, keyB])).toBe(true)
    expect(await verifyNote(parse(signedA + wrongB), [keyA, keyB])).toBe(false)
    expect(await verifyNote(parse(signedA + lineB), [])).toBe(false)
  })

  test.each([
    ['no signature', 'text\n\n'],
    ['no blank line', '— a AAAAAAA=\n'],
    ['no newline at the end', NOTE.slice(0, -1)],
    ['a carriage return', NOTE.replace('\n', '\r\n')],
    ['a name with a plus', NOTE.replace('example.com/foo', 'a+b')],
    ['a signature that is not base64', NOTE.replace('Uw2Q', 'Uw2*')],
  ])('that has %s is none', (_, note) => {
    expect(parseNote(note)).toBeNull()
  })

  test.each(['', 'a', VKEY.replace('530d903a', '530d903b'), VKEY.replace('+Aeky', '+Beky'), `${VKEY}=`])(
    'a key that is written wrongly (%s) is none',
    async (text) => {
      expect(await parseVerifier(text)).toBeNull()
    },
  )
})

describe('a checkpoint', () => {
  const head = { origin: 'candor.test/audit/ws_00000000000', size: 20852163, root: new Uint8Array(32).fill(7) }

  test('says origin, size and root, signed under the origin', async () => {
    const { key, publicKey } = await newKey()
    const note = await signCheckpoint(head, key, publicKey)
    expect(note.split('\n').slice(0, 3)).toEqual([head.origin, '20852163', toBase64(head.root)])
    const verifiers = [await noteVerifier(head.origin, publicKey)]
    expect(await readCheckpoint(note, verifiers)).toEqual({ ok: true, head })
    expect(await readCheckpoint(note.replace('20852163', '20852164'), verifiers)).toEqual({
      ok: false,
      reason: 'signature',
    })
    expect(await readCheckpoint(NOTE, [])).toEqual({ ok: false, reason: 'malformed' })
  })

  test.each([
    ['a size with a zero before it', 'o\n012\n'],
    ['a negative size', 'o\n-1\n'],
    ['no origin', '\n12\n'],
  ])('with %s is none', (_, start) => {
    expect(parseTreeHead(`${start}${toBase64(head.root)}\n`)).toBeNull()
  })

  test('with a short root, or an empty extension line, is none; with an extension it is one', () => {
    expect(parseTreeHead(`o\n1\n${toBase64(head.root.slice(1))}\n`)).toBeNull()
    expect(parseTreeHead(`${formatTreeHead(head)}\nmore\n`)).toBeNull()
    expect(parseTreeHead(`${formatTreeHead(head)}more\n`)).toEqual(head)
  })
})

test('base64 takes exactly what it gives', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    }),
  )
  for (const text of ['AA', 'AA=', 'AB==', 'A-==', ' AA==', 'AAAA\n']) expect(fromBase64(text)).toBeNull()
})
