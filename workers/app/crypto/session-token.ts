import { encodeBase64urlNoPadding, encodeHexLowerCase } from '@oslojs/encoding'
import { hkdf, hmacSha256, random, sameBytes, sha256, utf8 } from './bytes.ts'

/*
 * A session cookie: `v1.<workspace>.<32 random bytes>.<MAC>`. The random part is the secret, kept in D1 by its SHA-256.
 * The MAC, 16 bytes under a key of its own, lets a made-up cookie be refused without I/O; the workspace is only which
 * of the person's workspaces is looked at, and is confirmed against their memberships.
 */
const PATTERN = /^v1\.(ws_[0-9A-Za-z]{11})\.([\w-]{43})\.([\w-]{22})$/

async function macOf(signInKey: Uint8Array, text: string): Promise<string> {
  const key = await hkdf(signInKey, new Uint8Array(32), utf8('candor/session/v1'))
  return encodeBase64urlNoPadding((await hmacSha256(key, utf8(text))).subarray(0, 16))
}

const hashOf = async (secret: string) => encodeHexLowerCase(await sha256(utf8(secret)))

/** A new session: the cookie's value and the hash to store. */
export async function issueSessionToken(signInKey: Uint8Array, workspaceId: string) {
  const secret = encodeBase64urlNoPadding(random(32))
  const text = `v1.${workspaceId}.${secret}`
  return { token: `${text}.${await macOf(signInKey, text)}`, hash: await hashOf(secret) }
}

/** What a cookie says, or null for one that we did not make. No I/O. */
export async function readSessionToken(
  signInKey: Uint8Array,
  value: string,
): Promise<{ workspaceId: string; hash: string } | null> {
  const [, workspaceId, secret, mac] = PATTERN.exec(value) ?? []
  if (workspaceId === undefined || secret === undefined || mac === undefined) return null
  const right = await macOf(signInKey, `v1.${workspaceId}.${secret}`)
  return sameBytes(utf8(mac), utf8(right)) ? { workspaceId, hash: await hashOf(secret) } : null
}
