/**
 * Identifiers: a prefix that names the noun, an underscore, and 16 random base62 characters (95 bits), so that an id
 * says what it is wherever it turns up.
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
  statusPage: 'page',
  outbox: 'out',
  delivery: 'dlv',
  request: 'req',
} as const

export type Noun = keyof typeof ID_PREFIXES

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 16

/** A new id for a noun. */
export function newId(noun: Noun): string {
  let id = `${ID_PREFIXES[noun]}_`
  while (id.length < ID_PREFIXES[noun].length + 1 + LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      // 248 = 4 × 62: dropping the bytes above it keeps every character equally likely.
      if (byte < 248 && id.length < ID_PREFIXES[noun].length + 1 + LENGTH) id += ALPHABET[byte % 62]
    }
  }
  return id
}

/** The pattern of a noun's ids. */
export function idPattern(noun: Noun): RegExp {
  return new RegExp(`^${ID_PREFIXES[noun]}_[0-9A-Za-z]{${LENGTH}}$`)
}

/** The same string as a workspace id, or null when it does not have the form of one. The caller has checked the credential. */
export function asWorkspaceId(value: string): WorkspaceId | null {
  return idPattern('workspace').test(value) ? (value as WorkspaceId) : null
}
