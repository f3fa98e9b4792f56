import { encodeBase64 } from '@oslojs/encoding'
import { expect, test } from 'vitest'
import { random } from '../../workers/app/crypto/bytes.ts'
import { parseApiKeyRing, parseKey32, parseKeyring } from '../../workers/app/crypto/keyring.ts'
import { keyringRow, messageOf, newKey } from '../lib/keys.ts'

type Row = Record<string, unknown>

const ringRow = (state = 'active', row: Row = {}): Row => ({ id: 1, key: newKey(), state, ...row })

/** The two rings, each with how a row of it looks. */
const RINGS = [
  {
    name: 'CANDOR_KEYRING',
    parse: parseKeyring,
    id: 'kid',
    row: keyringRow,
    other: 'decrypt',
    ids: ['0a0b0c0d', '1a1b1c1d'],
  },
  { name: 'API_KEY_RING', parse: parseApiKeyRing, id: 'id', row: ringRow, other: 'verify', ids: [7, 8] },
] as const

const short = () => encodeBase64(random(31))
const long = () => encodeBase64(random(33))
const placeholders = () => [
  encodeBase64(new Uint8Array(32)),
  encodeBase64(new Uint8Array(32).fill(0x61)),
  encodeBase64(Uint8Array.from({ length: 32 }, (_, i) => i % 15)),
  encodeBase64(new TextEncoder().encode('change-me-change-me-change-me-ch')),
]

for (const { name, parse, id, row, other, ids } of RINGS) {
  const [first, second] = ids
  /** A row whose id is known, so that a message can be held to it. */
  const made = (which: unknown, state: string, change: Row = {}): Row => ({ ...row(state), [id]: which, ...change })
  const active = (change: Row = {}) => made(first, 'active', change)
  const retired = (change: Row = {}) => made(second, other, change)
  const twice = newKey()

  const refused: { what: string; json: string | undefined; says: string }[] = [
    { what: 'that is missing', json: undefined, says: `${name} is missing` },
    { what: 'that is empty', json: '', says: `${name} is missing` },
    { what: 'that is not JSON', json: newKey(), says: `${name} is not JSON` },
    {
      what: 'that is one key instead of a list',
      json: JSON.stringify(active()),
      says: `${name} is not complete (array)`,
    },
    { what: 'without a key in it', json: '[]', says: `${name} has to have exactly one active key` },
    { what: 'whose row has no key', json: JSON.stringify([{ ...active(), key: undefined }]), says: '(0.key)' },
    { what: 'with an unknown state', json: JSON.stringify([active({ state: 'open' })]), says: '(0.state)' },
    { what: 'with a malformed id', json: JSON.stringify([active({ [id]: 'one' })]), says: `(0.${id})` },
    { what: 'with an unknown field', json: JSON.stringify([active({ note: 'x' })]), says: `${name} is not complete` },
    {
      what: 'with a short key',
      json: JSON.stringify([active({ key: short() })]),
      says: `${name} (${first}) has 31 bytes`,
    },
    {
      what: 'with a long key',
      json: JSON.stringify([active({ key: long() })]),
      says: `${name} (${first}) has 33 bytes`,
    },
    { what: 'with an empty key', json: JSON.stringify([active({ key: '' })]), says: `${name} (${first}) is missing` },
    {
      what: 'with a key that is no base64',
      json: JSON.stringify([active({ key: `*${newKey()}` })]),
      says: `${name} (${first}) is not base64`,
    },
    {
      what: 'with one id twice',
      json: JSON.stringify([active(), retired({ [id]: first })]),
      says: `${name} names a key twice`,
    },
    {
      what: 'with one key twice',
      json: JSON.stringify([active({ key: twice }), retired({ key: twice })]),
      says: `${name} has a key twice`,
    },
    {
      what: 'with two active keys',
      json: JSON.stringify([active(), retired({ state: 'active' })]),
      says: 'exactly one active key',
    },
    { what: 'with no active key', json: JSON.stringify([active({ state: other })]), says: 'exactly one active key' },
    ...placeholders().map((key, i) => ({
      what: `with placeholder ${i + 1}`,
      json: JSON.stringify([active({ key })]),
      says: `${name} (${first}) is a placeholder`,
    })),
  ]

  test.each(refused)(
    `Candor does not start with a ${name} $what, and says so without the key`,
    async ({ json, says }) => {
      const message = await messageOf(() => parse(json))
      expect(message).toContain(says)
      expect(message.startsWith(name)).toBe(true)
      expect(message).toContain('docs/self-hosting.md')
      const keys = [...(json ?? '').matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([key]) => key)
      for (const key of keys) expect(message).not.toContain(key.slice(0, 8))
    },
  )

  test(`a ${name} of a new and a retired key uses the new one and knows both`, () => {
    const rows = [retired(), active()]
    const ring = parse(JSON.stringify(rows))
    const known = new Map<unknown, { key: Uint8Array }>([...('byKid' in ring ? ring.byKid : ring.byId)])
    expect([...known.keys()].toSorted()).toEqual([...ids].toSorted())
    expect(known.get(first)).toBe(ring.active)
    expect([...known.values()].map(({ key }) => encodeBase64(key))).toEqual(rows.map((row) => row.key))
  })
}

test('the ids of an API key ring fit into the six bits that a key has for them', async () => {
  for (const id of [0, 64, -1, 1.5])
    expect(await messageOf(() => parseApiKeyRing(JSON.stringify([ringRow('active', { id })])))).toContain('(0.id)')
  for (const id of [1, 63]) expect(parseApiKeyRing(JSON.stringify([ringRow('active', { id })])).active.id).toBe(id)
})

test('a single key is held to the same rules, and named', async () => {
  const key = newKey()
  expect(encodeBase64(parseKey32('SIGN_IN_KEY', key))).toBe(key)
  const wrong = [undefined, '', 'x', short(), long(), ...placeholders()]
  for (const value of wrong)
    expect(await messageOf(() => parseKey32('SIGN_IN_KEY', value))).toMatch(
      /^SIGN_IN_KEY (is missing|is not base64|has 3[13] bytes instead of 32|is a placeholder)\. /,
    )
})
