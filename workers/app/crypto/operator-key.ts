import { decodeBase64 } from '@oslojs/encoding'
import { sameBytes } from './bytes.ts'

/** Whether a text is the operator's key in base64. Does not tell where a wrong one differs. */
export function isOperatorKey(key: Uint8Array, text: string): boolean {
  try {
    return sameBytes(decodeBase64(text), key)
  } catch {
    // No base64 at all.
    return false
  }
}
