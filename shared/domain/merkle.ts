/**
 * Hashes of an RFC 6962 Merkle tree, and its compact range: the roots of the perfect subtrees that make up a tree of
 * n leaves, largest first. Appending takes O(log n) hashes, and any past root can be made from the range stored with it.
 */

const LEAF = 0x00
const NODE = 0x01
export const HASH_BYTES = 32

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
}

/** RFC 6962, section 2.1: SHA-256(0x00 ‖ leaf). */
export const leafHash = (leaf: Uint8Array) => sha256(Uint8Array.of(LEAF), leaf)

/** RFC 6962, section 2.1: SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(NODE), left, right)

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
export async function rootOfRange(range: Uint8Array[]): Promise<Uint8Array> {
  const [last, ...larger] = range.toReversed()
  if (!last) return sha256()
  let root = last
  for (const left of larger) root = await nodeHash(left, root)
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
