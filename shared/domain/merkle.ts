/**
 * Hashes of an RFC 6962 Merkle tree, and its compact range: the roots of the perfect subtrees that make up a tree of
 * n leaves, largest first. Appending takes O(log n) hashes, and any past root can be made from the range stored with it.
 */

const LEAF = Uint8Array.of(0x00)
const NODE = Uint8Array.of(0x01)
export const HASH_BYTES = 32

/** SHA-256, by whatever the platform has. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** What every platform has. Each hash is a promise, which takes many times as long as a short hash itself. */
export const webSha256: Sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))

/** Bytes one after the other. */
export function joinBytes(...parts: Uint8Array[]): Uint8Array {
  let size = 0
  for (const part of parts) size += part.length
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** RFC 6962, section 2.1: SHA-256(0x00 ‖ leaf). */
export const leafHash = (leaf: Uint8Array, sha256 = webSha256) => sha256(joinBytes(LEAF, leaf))

/** RFC 6962, section 2.1: SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array, sha256 = webSha256) =>
  sha256(joinBytes(NODE, left, right))

/** The compact range of a tree with one leaf more. `size` is the number of leaves before it. */
export async function appendToRange(range: Uint8Array[], size: number, leaf: Uint8Array): Promise<Uint8Array[]> {
  const grown = [...range]
  let node = leaf
  // Every low 1 bit of the size is a perfect subtree as large as the one at hand: they join.
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = grown.pop()
    if (!left) throw new Error('This range does not belong to a tree of this size.')
    node = await nodeHash(left, node)
  }
  return [...grown, node]
}

/** The root of the tree that a compact range stands for. The empty tree's is SHA-256 of nothing. */
export async function rootOfRange(range: Uint8Array[], sha256 = webSha256): Promise<Uint8Array> {
  const [last, ...larger] = range.toReversed()
  if (!last) return sha256(new Uint8Array())
  let root = last
  for (const left of larger) root = await nodeHash(left, root, sha256)
  return root
}

/** A range as one run of bytes, as it is stored. */
export function joinRange(range: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(range.length * HASH_BYTES)
  for (const [i, hash] of range.entries()) joined.set(hash, i * HASH_BYTES)
  return joined
}

/** The hashes of a stored range. */
export function splitRange(joined: Uint8Array): Uint8Array[] {
  return Array.from({ length: joined.length / HASH_BYTES }, (_, i) =>
    joined.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}
