import { encodeHexLowerCase } from '@oslojs/encoding'
import type { Scope } from '../../../shared/contracts/common.ts'
import { AppError } from '../../../shared/errors.ts'
import { asWorkspaceId, idBytes, idFromBytes, type WorkspaceId } from '../../../shared/ids.ts'
import { checksum, decodeBase62, encodeBase62 } from './base62.ts'
import { concat, hmacSha256, random, sameBytes, sha256, utf8 } from './bytes.ts'
import type { ApiKeyRing } from './keyring.ts'

/*
 * An API key: `cdr_ro_` or `cdr_rw_`, 55 bytes in base 62 (74 characters), CRC-32 in base 62 (6): 87 characters.
 * Bytes: format version (2 bits) and ring id (6 bits) 1 · scope 2 · workspace 8 · key 8 · expiry 4 (Unix seconds,
 * 0 = never) · random 16 · MAC 16. Everything that decides about a request stands in the token, under the MAC; the
 * random bytes and the stored hash mean that a leaked MAC key alone forges nothing.
 */
const FORMAT = 1
const BYTES = 55
const AT = { scope: 1, workspace: 3, key: 11, expiry: 19, random: 23, mac: 39 }
const PREFIXES = { read: 'cdr_ro_', write: 'cdr_rw_' } as const
const SCOPE_CODES: Record<Scope, number> = { read: 1, write: 3 }

export const API_KEY_PATTERN = /^cdr_r[ow]_[0-9A-Za-z]{80}$/

const macOf = async (key: Uint8Array, prefix: string, payload: Uint8Array) =>
  (await hmacSha256(key, utf8('candor/apikey/v1\0'), utf8(prefix), utf8('\0'), payload)).subarray(0, 16)

/** What is stored of a token: SHA-256, hexadecimal. */
export const tokenHash = async (token: string): Promise<string> => encodeHexLowerCase(await sha256(utf8(token)))

/** A new API key. `expiresAt` is Unix milliseconds, kept to the second; null never expires. */
export async function issueApiKey(
  ring: ApiKeyRing,
  key: { workspaceId: string; keyId: string; scope: Scope; expiresAt: number | null },
): Promise<{ token: string; hash: string }> {
  const workspace = idBytes('workspace', key.workspaceId)
  const id = idBytes('apiKey', key.keyId)
  if (!workspace || !id) throw new AppError('internal', 'An API key needs a workspace id and a key id.')
  const fixed = new Uint8Array(4)
  new DataView(fixed.buffer).setUint32(0, key.expiresAt === null ? 0 : Math.floor(key.expiresAt / 1000))
  const payload = concat(
    Uint8Array.of((FORMAT << 6) | ring.active.id, 0, SCOPE_CODES[key.scope]),
    workspace,
    id,
    fixed,
    random(16),
  )
  const prefix = PREFIXES[key.scope]
  const bytes = concat(payload, await macOf(ring.active.key, prefix, payload))
  const body = prefix + encodeBase62(BigInt(`0x${encodeHexLowerCase(bytes)}`), 74)
  const token = body + checksum(body)
  return { token, hash: await tokenHash(token) }
}

export type ReadApiKey =
  | { ok: true; scope: Scope; workspaceId: WorkspaceId; keyId: string; expiresAt: number | null; hash: string }
  | { ok: false; reason: 'malformed' | 'forged' | 'expired' }

/** 55 bytes of a number, or null when it has more. */
function bytesOf(value: bigint): Uint8Array | null {
  if (value >= 1n << BigInt(BYTES * 8)) return null
  const bytes = new Uint8Array(BYTES)
  for (let i = BYTES - 1; i >= 0; i--) {
    bytes[i] = Number(value & 255n)
    value >>= 8n
  }
  return bytes
}

/**
 * Reads a key without any I/O, in this order: shape, checksum, MAC, expiry. What it answers is what the key was issued
 * with; whether it still exists is for the database. `now` in Unix milliseconds.
 */
export async function readApiKey(ring: ApiKeyRing, token: string, now: number): Promise<ReadApiKey> {
  if (!API_KEY_PATTERN.test(token) || checksum(token.slice(0, -6)) !== token.slice(-6))
    return { ok: false, reason: 'malformed' }
  const bytes = bytesOf(decodeBase62(token.slice(7, -6)))
  if (!bytes) return { ok: false, reason: 'malformed' }
  const first = bytes[0] ?? 0
  const key = ring.byId.get(first & 63)
  const prefix = token.slice(0, 7)
  if (first >> 6 !== FORMAT || !key) return { ok: false, reason: 'forged' }
  const mac = await macOf(key.key, prefix, bytes.subarray(0, AT.mac))
  if (!sameBytes(mac, bytes.subarray(AT.mac))) return { ok: false, reason: 'forged' }
  const scope: Scope = prefix === PREFIXES.write ? 'write' : 'read'
  const workspaceId = asWorkspaceId(idFromBytes('workspace', bytes.subarray(AT.workspace, AT.key)))
  const code = ((bytes[AT.scope] ?? 0) << 8) | (bytes[AT.scope + 1] ?? 0)
  if (code !== SCOPE_CODES[scope] || !workspaceId) return { ok: false, reason: 'forged' }
  const seconds = new DataView(bytes.buffer).getUint32(AT.expiry)
  const expiresAt = seconds === 0 ? null : seconds * 1000
  if (expiresAt !== null && expiresAt <= now) return { ok: false, reason: 'expired' }
  const keyId = idFromBytes('apiKey', bytes.subarray(AT.key, AT.expiry))
  return { ok: true, scope, workspaceId, keyId, expiresAt, hash: await tokenHash(token) }
}
