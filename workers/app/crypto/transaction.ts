import { decodeBase64urlIgnorePadding, encodeBase64urlNoPadding } from '@oslojs/encoding'
import { concat, hkdf, random, utf8 } from './bytes.ts'
import { xaesOpen, xaesSeal } from './xaes.ts'

/** A sign-in takes at most this long. */
export const TRANSACTION_MS = 600_000

const keyOf = (signInKey: Uint8Array) => hkdf(signInKey, new Uint8Array(32), utf8('candor/sign-in/v1'))

/** Seals what one sign-in attempt has to remember, bound to the name of its cookie. */
export async function sealTransaction(
  signInKey: Uint8Array,
  cookieName: string,
  transaction: Record<string, unknown> & { createdAt: number },
): Promise<string> {
  const nonce = random(24)
  const text = utf8(JSON.stringify(transaction))
  return encodeBase64urlNoPadding(concat(nonce, await xaesSeal(await keyOf(signInKey), nonce, text, utf8(cookieName))))
}

/** What was sealed under this cookie name less than ten minutes ago; null for anything else. `now` in Unix milliseconds. */
export async function openTransaction(
  signInKey: Uint8Array,
  cookieName: string,
  value: string,
  now: number,
): Promise<Record<string, unknown> | null> {
  try {
    const bytes = decodeBase64urlIgnorePadding(value)
    const key = await keyOf(signInKey)
    const text = await xaesOpen(key, bytes.subarray(0, 24), bytes.subarray(24), utf8(cookieName))
    const transaction: Record<string, unknown> = JSON.parse(new TextDecoder().decode(text))
    const age = now - Number(transaction.createdAt)
    return age >= 0 && age <= TRANSACTION_MS ? transaction : null
  } catch {
    return null
  }
}
