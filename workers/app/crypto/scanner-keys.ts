import { decodePKIXECDSAPublicKey, decodePKIXECDSASignature, p256 } from '@oslojs/crypto/ecdsa'
import { decodeBase64 } from '@oslojs/encoding'
import { z } from 'zod'
import { concat } from './bytes.ts'
import { parseRing, refuse } from './keyring.ts'

/** Public keys of a secret scanner by their identifiers; each is a SubjectPublicKeyInfo in DER, of P-256. */
export type ScannerKeys = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

const NAME = 'SECRET_SCANNING_KEYS'

/** As the scanner publishes them. It may say more of each. */
const PublicKeys = z.object({
  public_keys: z
    .array(z.object({ key_identifier: z.string().regex(/^[\w-]{1,128}$/), key: z.string().max(1000) }))
    .min(1)
    .max(32),
})

/** Of a P-256 key whose point is not compressed. */
const SPKI_BYTES = 91

function parsePem(id: string, pem: string): Uint8Array<ArrayBuffer> {
  const [, base64 = ''] = /^-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----\s*$/.exec(pem) ?? []
  try {
    const der = decodeBase64(base64.replaceAll(/\s/g, ''))
    if (der.length === SPKI_BYTES && p256.isOnCurve(decodePKIXECDSAPublicKey(der, [p256]))) return concat(der)
  } catch {
    // Said below, in the same words.
  }
  return refuse(NAME, `has a key that is no public key of P-256 in PEM (${id})`)
}

/** The setting SECRET_SCANNING_KEYS: the document in which the scanner publishes its keys. Throws, naming the identifier. */
export function parseScannerKeys(json: string): ScannerKeys {
  const rows = parseRing(NAME, PublicKeys, json).public_keys
  const keys = new Map(rows.map(({ key_identifier: id, key }) => [id, parsePem(id, key)]))
  return keys.size === rows.length ? keys : refuse(NAME, 'names a key twice')
}

/** Whether a key has signed these bytes: ECDSA with SHA-256, the signature in DER and base64. Never throws. */
export async function isSignedBy(
  spki: Uint8Array<ArrayBuffer>,
  signature: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    const raw = concat(decodePKIXECDSASignature(decodeBase64(signature)).encodeIEEEP1363(p256))
    const curve = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('spki', spki, curve, false, ['verify'])
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, bytes)
  } catch {
    return false
  }
}
