import { concat } from './bytes.ts'

/**
 * XAES-256-GCM (c2sp.org/XAES-256-GCM): AES-256-GCM with a 192-bit nonce. The first 12 bytes of the nonce derive a key
 * by CMAC; the last 12 are the nonce under it. Random nonces, with no count to keep.
 */
async function derive(key: Uint8Array, nonce: Uint8Array) {
  const cbc = await crypto.subtle.importKey('raw', concat(key), 'AES-CBC', false, ['encrypt'])
  // One block of AES-ECB is the first block of AES-CBC under a zero IV.
  const block = async (input: Uint8Array) =>
    new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, cbc, concat(input))).slice(
      0,
      16,
    )

  const l = await block(new Uint8Array(16))
  const k1 = l.map((byte, i) => (byte << 1) | ((l[i + 1] ?? 0) >> 7))
  if ((l[0] ?? 0) >> 7) k1[15] = (k1[15] ?? 0) ^ 0b10000111
  const half = (counter: number) =>
    block(concat(Uint8Array.of(0, counter, 0x58, 0), nonce.subarray(0, 12)).map((byte, i) => byte ^ (k1[i] ?? 0)))
  const derived = concat(await half(1), await half(2))
  return crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

const parameters = (nonce: Uint8Array, aad: Uint8Array) => ({
  name: 'AES-GCM',
  iv: concat(nonce.subarray(12)),
  additionalData: concat(aad),
})

/** Ciphertext and tag. `key` has 32 bytes, `nonce` 24. */
export async function xaesSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array) {
  const derived = await derive(key, nonce)
  return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, aad), derived, concat(plaintext)))
}

/** The plaintext. Rejects when anything differs: key, nonce, ciphertext, tag or associated data. */
export async function xaesOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array) {
  const derived = await derive(key, nonce)
  return new Uint8Array(await crypto.subtle.decrypt(parameters(nonce, aad), derived, concat(sealed)))
}
