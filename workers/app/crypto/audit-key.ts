import { decodeBase64, decodeBase64urlIgnorePadding } from '@oslojs/encoding'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { concat } from './bytes.ts'
import { parseKey32, parseRing } from './keyring.ts'

/** Keys of the audit log's checkpoints: one signs, the retired ones still verify what they signed. */
export interface AuditKeyring {
  seed: Uint8Array
  /** Raw public keys. A retired key's seed is not needed, and better not kept. */
  retired: Uint8Array[]
}

const AuditKeyringJson = z.array(
  z.union([
    z.strictObject({ state: z.literal('active'), key: z.string() }),
    z.strictObject({ state: z.literal('retired'), publicKey: z.string() }),
  ]),
)

/** The secret AUDIT_KEYRING. Throws, naming what is wrong and never a key. */
export function parseAuditKeyring(json: string | undefined): AuditKeyring {
  const name = 'AUDIT_KEYRING'
  const rows = parseRing(name, AuditKeyringJson, json)
  const seeds = rows.flatMap((row) => (row.state === 'active' ? [parseKey32(name, row.key)] : []))
  const [seed, ...others] = seeds
  if (!seed || others.length > 0) throw new AppError('internal', `${name} has to have exactly one active key.`)
  const retired = rows.flatMap((row) => (row.state === 'retired' ? [decodeBase64(row.publicKey)] : []))
  if (retired.some((key) => key.length !== 32))
    throw new AppError('internal', `${name} has a retired public key that is not 32 bytes of base64.`)
  return { seed, retired }
}

/** RFC 8410: an Ed25519 private key in PKCS #8 is this and the 32 bytes of its seed. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

export interface SigningKey {
  key: CryptoKey
  /** Raw, 32 bytes. */
  publicKey: Uint8Array
}

/** The key pair of a seed. */
export async function signingKey(seed: Uint8Array): Promise<SigningKey> {
  const pkcs8 = concat(PKCS8_PREFIX, seed)
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const jwk = (await crypto.subtle.exportKey('jwk', readable)) as JsonWebKey
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  return { key, publicKey: decodeBase64urlIgnorePadding(jwk.x ?? '') }
}
