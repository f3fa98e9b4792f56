/**
 * RFC 6962, section 2.1, word for word: recursive, over all leaf hashes. Nothing of it comes from the product, so that
 * the product's tree is held against another one.
 */

/** SHA-256(first ‖ left ‖ right). */
async function sha256(
  first: number[],
  left: Uint8Array = new Uint8Array(),
  right: Uint8Array = new Uint8Array(),
): Promise<Uint8Array> {
  const bytes = new Uint8Array(first.length + left.length + right.length)
  bytes.set(first)
  bytes.set(left, first.length)
  bytes.set(right, first.length + left.length)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

export const naiveLeafHash = (leaf: Uint8Array) => sha256([0], leaf)

const naiveNodeHash = (left: Uint8Array, right: Uint8Array) => sha256([1], left, right)

/** MTH(D[start:end]) of trees that share their leaves, so that a subtree is hashed once however many trees it is in. */
export function naiveTree(leafHashes: Uint8Array[]) {
  const known = new Map<string, Promise<Uint8Array>>()

  async function hash(start: number, end: number): Promise<Uint8Array> {
    const n = end - start
    if (n === 0) return sha256([])
    if (n === 1) return leafHashes[start] ?? Promise.reject(new Error(`there is no leaf ${start}`))
    let k = 1
    while (k * 2 < n) k *= 2
    return naiveNodeHash(await subtree(start, start + k), await subtree(start + k, end))
  }

  function subtree(start: number, end: number): Promise<Uint8Array> {
    const name = `${start}-${end}`
    const found = known.get(name) ?? hash(start, end)
    known.set(name, found)
    return found
  }

  /** PATH(m, D[start:end]): from the leaf's sibling up. */
  async function path(m: number, start: number, end: number): Promise<Uint8Array[]> {
    if (end - start === 1) return []
    let k = 1
    while (k * 2 < end - start) k *= 2
    const middle = start + k
    return m < middle
      ? [...(await path(m, start, middle)), await subtree(middle, end)]
      : [...(await path(m, middle, end)), await subtree(start, middle)]
  }

  return {
    /** The root of the tree of the first `size` leaves. */
    root: (size = leafHashes.length) => subtree(0, size),
    /** The hash of the leaves [start, end). */
    subtree,
    /** The audit path of a leaf in the tree of the first `size` leaves. */
    path: (leaf: number, size = leafHashes.length) => path(leaf, 0, size),
  }
}

/** The root that a stored range stands for: its subtrees, largest first, joined from the smallest on. */
export async function foldRange(joined: number[]): Promise<Uint8Array> {
  const hashes: Uint8Array[] = []
  for (let at = 0; at < joined.length; at += 32) hashes.push(Uint8Array.from(joined.slice(at, at + 32)))
  let root = hashes.pop() ?? (await sha256([]))
  while (hashes.length > 0) root = await naiveNodeHash(hashes.pop() ?? root, root)
  return root
}

export const hex = (bytes: Iterable<number>) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
