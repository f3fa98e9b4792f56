import { sha256 } from '@oslojs/crypto/sha2'
import { encodeHexLowerCase } from '@oslojs/encoding'
import { type Cosigner, cosignerIdInput, splitCosignerKey } from '../../../shared/domain/cosignature.ts'

/** Somebody outside who follows the deployment log and signs its heads. */
export interface Witness extends Cosigner {
  /** Submission prefix, without a slash at its end. */
  url: string
  /** The key as it is configured. */
  vkey: string
}

/** The cosigner of a written key (c2sp.org/tlog-cosignature, Ed25519), or null. Here without waiting: it is configuration. */
export function cosignerOf(vkey: string): Cosigner | null {
  const parts = splitCosignerKey(vkey)
  const id = parts && encodeHexLowerCase(sha256(cosignerIdInput(parts.name, parts.publicKey)).subarray(0, 4))
  return parts && id === parts.keyId ? parts : null
}
