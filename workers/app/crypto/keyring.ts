import { decodeBase64 } from '@oslojs/encoding'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'

export interface MasterKey {
  /** Eight hexadecimal characters: the four bytes that stand in a sealed blob. */
  kid: string
  key: Uint8Array
}

/** Master keys of sealed credentials: one seals, all open. */
export interface Keyring {
  active: MasterKey
  byKid: ReadonlyMap<string, MasterKey>
}

export interface RingKey {
  /** 1 to 63: six bits of a token's first byte. */
  id: number
  key: Uint8Array
}

/** MAC keys of API keys: one issues, all verify. */
export interface ApiKeyRing {
  active: RingKey
  byId: ReadonlyMap<number, RingKey>
}

/** Stops Candor, by the name of a setting and without its value. */
export const refuse = (name: string, why: string): never => {
  throw new AppError('internal', `${name} ${why}. Candor does not start without it: see docs/self-hosting.md.`)
}

/** 32 bytes from base64. Refuses, by name, what is missing, short, or plainly nobody's random choice. */
export function parseKey32(name: string, base64: string | undefined): Uint8Array {
  if (!base64) return refuse(name, 'is missing')
  let key: Uint8Array
  try {
    key = decodeBase64(base64)
  } catch {
    return refuse(name, 'is not base64')
  }
  if (key.length !== 32) refuse(name, `has ${key.length} bytes instead of 32`)
  // 32 random bytes hold 30 different values on average; fewer than 16 is a pattern, not chance.
  if (new Set(key).size < 16) refuse(name, 'is a placeholder')
  return key
}

/** A setting that is JSON, as a contract wants it. Throws, naming the setting and the field that is wrong. */
export function parseRing<T>(name: string, contract: z.ZodType<T>, json: string | undefined): T {
  if (!json) return refuse(name, 'is missing')
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch {
    return refuse(name, 'is not JSON')
  }
  const parsed = contract.safeParse(raw)
  if (!parsed.success) return refuse(name, `is not complete (${parsed.error.issues[0]?.path.join('.') || 'array'})`)
  return parsed.data
}

function unique<K, V extends { key: Uint8Array }>(name: string, entries: (readonly [K, V])[]): Map<K, V> {
  const map = new Map(entries)
  if (map.size !== entries.length) refuse(name, 'names a key twice')
  if (new Set(entries.map(([, { key }]) => key.join())).size !== entries.length) refuse(name, 'has a key twice')
  return map
}

const KeyringJson = z.array(
  z.strictObject({
    kid: z.string().regex(/^[0-9a-f]{8}$/),
    key: z.string(),
    state: z.enum(['active', 'decrypt']),
  }),
)

/** The secret CANDOR_KEYRING. Throws, naming the key id and never the key. */
export function parseKeyring(json: string | undefined): Keyring {
  const name = 'CANDOR_KEYRING'
  const rows = parseRing(name, KeyringJson, json)
  const keys = rows.map(({ kid, key }) => [kid, { kid, key: parseKey32(`${name} (${kid})`, key) }] as const)
  const byKid = unique(name, keys)
  const [active, ...others] = rows.filter((row) => row.state === 'active').map((row) => byKid.get(row.kid))
  if (!active || others.length > 0) return refuse(name, 'has to have exactly one active key')
  return { active, byKid }
}

const ApiKeyRingJson = z.array(
  z.strictObject({ id: z.int().min(1).max(63), key: z.string(), state: z.enum(['active', 'verify']) }),
)

/** The secret API_KEY_RING. Throws, naming the ring id and never the key. */
export function parseApiKeyRing(json: string | undefined): ApiKeyRing {
  const name = 'API_KEY_RING'
  const rows = parseRing(name, ApiKeyRingJson, json)
  const keys = rows.map(({ id, key }) => [id, { id, key: parseKey32(`${name} (${id})`, key) }] as const)
  const byId = unique(name, keys)
  const [active, ...others] = rows.filter((row) => row.state === 'active').map((row) => byId.get(row.id))
  if (!active || others.length > 0) return refuse(name, 'has to have exactly one active key')
  return { active, byId }
}
