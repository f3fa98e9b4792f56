import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { configOf, type Env } from '../../workers/app/bindings.ts'
import { checksum, decodeBase62, encodeBase62 } from '../../workers/app/crypto/base62.ts'
import { API_KEY_PATTERN, issueApiKey } from '../../workers/app/crypto/token.ts'
import { type Answer, ask, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { newKey } from '../lib/keys.ts'
import { untouchable } from '../lib/untouchable.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PREFIX_LENGTH = 'cdr_rw_'.length
const BITS = 55 * 8

let ada: Person
let bob: Person
let key: { token: string; id: string }

beforeAll(async () => {
  ada = await newPerson('Ada')
  bob = await newPerson('Bob')
  key = await newApiKey(ada, 'write')
})

const withoutId = ({ body }: Answer) => ({ ...body, requestId: '' })

/** Asks with keys that have to be refused alike, in an environment in which every binding throws. */
async function expectRefusedUntouched(tokens: string[], vars: Partial<Env> = {}): Promise<void> {
  const { env: broken, touches } = untouchable(vars)
  const answers = await Promise.all(tokens.map((as) => ask('GET', '/v1/workspace', { as, env: broken })))
  expect(answers.filter(({ status }) => status !== 401)).toEqual([])
  expect(new Set(answers.map((answer) => JSON.stringify(withoutId(answer)))).size).toBe(1)
  expect(touches).toEqual([])
}

/** A key whose 55 bytes, as a number, were changed, with a prefix and a checksum that is right again. */
function rewrite(token: string, change: (value: bigint) => bigint, prefix = token.slice(0, PREFIX_LENGTH)): string {
  const body = prefix + encodeBase62(change(decodeBase62(token.slice(PREFIX_LENGTH, -6))), 74)
  return body + checksum(body)
}

describe('an API key', () => {
  test('is 87 characters, one word under a double click, and says by its prefix what it may do', async () => {
    const read = await newApiKey(ada, 'read')
    for (const [{ token }, prefix] of [
      [read, 'cdr_ro_'],
      [key, 'cdr_rw_'],
    ] as const) {
      expect(token).toHaveLength(87)
      expect(token).toMatch(/^\w+$/)
      expect(token).toMatch(API_KEY_PATTERN)
      expect(token.slice(0, PREFIX_LENGTH)).toBe(prefix)
      expect(token.slice(-6)).toBe(checksum(token.slice(0, -6)))
    }
    expect((await newApiKey(ada, 'read')).token).not.toBe(read.token)
  })

  test('works, whole, and nothing less or more does', async () => {
    const answer = await ask('GET', '/v1/workspace', { as: key.token })
    expect([answer.status, answer.body.id]).toEqual([200, ada.workspaceId])
    const { token } = key
    const longer = ALPHABET.split('').map((character) => token + character)
    const cut = Array.from({ length: token.length }, (_, length) => token.slice(0, length)).filter(Boolean)
    await expectRefusedUntouched([...longer, ...cut, token.toUpperCase(), token.toLowerCase(), `${token}${token}`])
  })

  test.each(Array.from({ length: 87 }, (_, at) => at))(
    'is refused, before anything is looked up, with another character at place %i',
    async (at) => {
      const { token } = key
      const others = [...ALPHABET, '_', '-', '='].filter((character) => character !== token[at])
      await expectRefusedUntouched(others.map((character) => token.slice(0, at) + character + token.slice(at + 1)))
    },
  )

  test('is refused, before anything is looked up, with any bit of what it says flipped and its checksum made right', async () => {
    expect(rewrite(key.token, (value) => value)).toBe(key.token)
    const flipped = Array.from({ length: BITS }, (_, bit) => rewrite(key.token, (value) => value ^ (1n << BigInt(bit))))
    expect(flipped.filter((token) => !API_KEY_PATTERN.test(token))).toEqual([])
    await expectRefusedUntouched(flipped)
  })

  test('is refused when a reading key says by its prefix that it may write, or the other way round', async () => {
    const read = await newApiKey(ada, 'read')
    const same = (value: bigint) => value
    await expectRefusedUntouched([rewrite(read.token, same, 'cdr_rw_'), rewrite(key.token, same, 'cdr_ro_')])
  })

  test('is refused when its number is too large for 55 bytes, although it stands for the same bytes', async () => {
    const wrapped = rewrite(key.token, (value) => value + (1n << BigInt(BITS)))
    expect(wrapped).toMatch(API_KEY_PATTERN)
    await expectRefusedUntouched([wrapped, rewrite(key.token, () => 0n)])
  })
})

/** A key signed with the true ring: what somebody can make who has stolen API_KEY_RING and nothing else. */
const signed = async (workspaceId: string, keyId: string, scope: 'read' | 'write') =>
  (await issueApiKey(configOf(env).apiKeyRing, { workspaceId, keyId, scope, expiresAt: null })).token

test('a stolen signing ring makes no key: the database knows the hash of each', async () => {
  const read = await newApiKey(ada, 'read')
  const forgeries = await Promise.all([
    signed(ada.workspaceId, key.id, 'write'),
    signed(ada.workspaceId, read.id, 'write'),
    signed(ada.workspaceId, newId('apiKey'), 'write'),
    signed(bob.workspaceId, key.id, 'write'),
    signed(newId('workspace'), key.id, 'write'),
  ])
  for (const as of forgeries) {
    const reading = await ask('GET', '/v1/workspace', { as })
    const writing = await ask('PATCH', '/v1/workspace', { as, body: { name: 'Taken over' } })
    expect([reading.status, writing.status]).toEqual([401, 401])
    expect(withoutId(reading)).toEqual(withoutId(writing))
  }
  for (const as of [ada, bob])
    expect((await ask('GET', '/v1/workspace', { as })).body.name).toMatch(/^(Ada|Bob)'s workspace$/)
})

describe('when the signing ring is changed', () => {
  const [row] = JSON.parse(env.API_KEY_RING)
  const ringOf = (...rows: unknown[]) => ({ API_KEY_RING: JSON.stringify(rows) })
  const next = { id: row.id + 1, key: newKey(), state: 'active' }

  test('keys of the ring before still work while it stands there to verify', async () => {
    const vars = ringOf({ ...row, state: 'verify' }, next)
    const answer = await ask('GET', '/v1/workspace', { as: key.token, env: { ...env, ...vars } })
    expect([answer.status, answer.body.id]).toEqual([200, ada.workspaceId])
  })

  test('they are refused, before anything is looked up, once it is gone or another has its number', async () => {
    await expectRefusedUntouched([key.token], ringOf(next))
    await expectRefusedUntouched([key.token], ringOf({ ...next, id: row.id }))
  })
})
