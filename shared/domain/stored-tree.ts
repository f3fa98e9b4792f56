import { nodeHash, splitRange } from './merkle.ts'
import type { Subtree } from './merkle-proof.ts'

/** What is stored of a leaf: its hash, and the joined compact range of the tree that ends with it. */
export interface StoredLeaf {
  seq: number
  leafHash: Uint8Array
  range: Uint8Array
}

/** The leaves whose rows the hash of a subtree is made of: at most two, however large it is. */
export function leavesOf({ level, index }: Subtree): number[] {
  const last = (index + 1) * 2 ** level - 1
  return level === 0 ? [last] : [last - 1, last]
}

/**
 * The hash of a perfect subtree, from the rows of its last two leaves. One leaf before its end, the compact range ends
 * with its subtrees of 2^(level-1), …, 2, 1 leaves; the last leaf joins them all. Throws when a row is missing.
 */
export async function subtreeHash(subtree: Subtree, rows: ReadonlyMap<number, StoredLeaf>): Promise<Uint8Array> {
  const [first = 0, second] = leavesOf(subtree)
  const last = rows.get(second ?? first)
  if (!last) throw new Error(`The row of leaf ${second ?? first} is missing.`)
  if (second === undefined) return last.leafHash
  const before = rows.get(first)
  const range = before ? splitRange(before.range) : []
  let node = last.leafHash
  for (let i = 0; i < subtree.level; i++) {
    const left = range.pop()
    if (!left) throw new Error(`The range of leaf ${first} is too short.`)
    node = await nodeHash(left, node)
  }
  return node
}

/** The rows as a map by leaf. */
export const byLeaf = (rows: StoredLeaf[]): Map<number, StoredLeaf> => new Map(rows.map((row) => [row.seq, row]))
