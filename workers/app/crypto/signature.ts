import { decodeBase64IgnorePadding, encodeBase64 } from '@oslojs/encoding'
import { AppError } from '../../../shared/errors.ts'
import { hmacSha256, random, utf8 } from './bytes.ts'

const PREFIX = 'whsec_'

/** The bytes of a Standard Webhooks secret: base64, with or without `whsec_`, 24 to 64 bytes. Throws `invalid`. */
export function parseWebhookSecret(text: string): Uint8Array {
  const refused = new AppError(
    'invalid',
    'A signing secret is 24 to 64 bytes in base64, with or without whsec_ before it.',
  )
  try {
    const bytes = decodeBase64IgnorePadding(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text)
    if (bytes.length >= 24 && bytes.length <= 64) return bytes
  } catch {
    throw refused
  }
  throw refused
}

/** A new secret of 32 random bytes. */
export const newWebhookSecret = (): string => PREFIX + encodeBase64(random(32))

/** The value of `webhook-signature`, as Standard Webhooks has it: `v1,` and HMAC-SHA-256 over id, time and body. */
export async function signWebhook(message: {
  id: string
  timestampSeconds: number
  body: string
  secret: string
}): Promise<string> {
  const { id, timestampSeconds, body, secret } = message
  const mac = await hmacSha256(parseWebhookSecret(secret), utf8(`${id}.${timestampSeconds}.${body}`))
  return `v1,${encodeBase64(mac)}`
}
