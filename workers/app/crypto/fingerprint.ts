import { encodeHexLowerCase } from '@oslojs/encoding'
import { AppError } from '../../../shared/errors.ts'
import { concat, hkdf, hmacSha256, utf8 } from './bytes.ts'
import type { Keyring } from './keyring.ts'
import type { EpochSalt } from './sealed.ts'

/**
 * Eight bytes that change when a secret does, keyed by workspace, so that a guess at the secret cannot be checked
 * without the keyring. The oldest epoch's salt is used: a new epoch does not make every secret look changed.
 */
export async function fingerprint(
  keyring: Keyring,
  keys: EpochSalt[],
  workspaceId: string,
  plaintext: string,
): Promise<string> {
  const oldest = keys.toSorted((a, b) => a.epoch - b.epoch)[0]
  if (!oldest) throw new AppError('internal', 'This workspace has no key salt.')
  const info = concat(utf8('candor/fingerprint/v1'), utf8(workspaceId))
  const key = await hkdf(keyring.active.key, oldest.salt, info)
  return encodeHexLowerCase((await hmacSha256(key, utf8(plaintext))).subarray(0, 8))
}
