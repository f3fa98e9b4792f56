/**
 * Identifiers: a prefix that names the noun, an underscore, and 64 random bits in eleven base62 characters, so that an id
 * says what it is wherever it turns up, and fits whole into an API key.
 */

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A workspace id that a credential was checked for. Only the caller middleware and the workspace object make one. */
export type WorkspaceId = Branded<'WorkspaceId'>

export const ID_PREFIXES = {
  workspace: 'ws',
  user: 'usr',
  identity: 'idn',
  monitor: 'mon',
  incident: 'inc',
  integration: 'int',
  apiKey: 'key',
  invitation: 'inv',
  statusPage: 'page',
  outbox: 'out',
  delivery: 'dlv',
  request: 'req',
} as const

export type Noun = keyof typeof ID_PREFIXES

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^11 > 2^64: eleven characters hold the eight bytes that an API key carries of an id. */
const LENGTH = 11

/** A new id for a noun: 64 random bits. */
export function newId(noun: Noun): string {
  return idFromBytes(noun, crypto.getRandomValues(new Uint8Array(8)))
}

/** The id of a noun for its eight bytes. */
export function idFromBytes(noun: Noun, bytes: Uint8Array): string {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  let text = ''
  for (let i = 0; i < LENGTH; i++) {
    text = ALPHABET.charAt(Number(value % 62n)) + text
    value /= 62n
  }
  return `${ID_PREFIXES[noun]}_${text}`
}

/** The eight bytes of an id, or null when it is not one of this noun. */
export function idBytes(noun: Noun, id: string): Uint8Array | null {
  if (!idPattern(noun).test(id)) return null
  let value = 0n
  for (const character of id.slice(-LENGTH)) value = value * 62n + BigInt(ALPHABET.indexOf(character))
  if (value >= 1n << 64n) return null
  const bytes = new Uint8Array(8)
  for (let i = 7; i >= 0; i--) {
    bytes[i] = Number(value & 255n)
    value >>= 8n
  }
  return bytes
}

/** The pattern of a noun's ids. */
export function idPattern(noun: Noun): RegExp {
  return new RegExp(`^${ID_PREFIXES[noun]}_[0-9A-Za-z]{${LENGTH}}$`)
}

/** The same string as a workspace id, or null when it does not have the form of one. The caller has checked the credential. */
export function asWorkspaceId(value: string): WorkspaceId | null {
  return idBytes('workspace', value) ? (value as WorkspaceId) : null
}
