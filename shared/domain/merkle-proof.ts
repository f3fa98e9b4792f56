import { nodeHash, rootOfRange } from './merkle.ts'

/*
 * Inclusion and consistency proofs of RFC 6962, section 2.1. A proof is a list of spans; the hash of a span is made of the
 * perfect subtrees that it falls into. Sizes and indices are below 2^53: no bit operators, which work on 32 bits.
 */

/** The leaves [from, to). */
export interface Span {
  from: number
  to: number
}

/** A perfect subtree: the leaves [index × 2^level, (index + 1) × 2^level). */
export interface Subtree {
  level: number
  index: number
}

/** Perfect subtrees that make up a span, left to right. */
export function subtreesOf({ from, to }: Span): Subtree[] {
  const subtrees: Subtree[] = []
  for (let at = from; at < to; ) {
    let level = 0
    let size = 1
    while (at % (size * 2) === 0 && at + size * 2 <= to) {
      size *= 2
      level++
    }
    subtrees.push({ level, index: at / size })
    at += size
  }
  return subtrees
}

/** The largest power of two below a size. */
function split(size: number): number {
  let k = 1
  while (k * 2 < size) k *= 2
  return k
}

/** PATH(index, D[0:size]): the audit path of a leaf, from its sibling up. */
export function inclusionSpans(index: number, size: number): Span[] {
  const path = (from: number, to: number): Span[] => {
    if (to - from === 1) return []
    const middle = from + split(to - from)
    return index < middle ? [...path(from, middle), { from: middle, to }] : [...path(middle, to), { from, to: middle }]
  }
  if (index < 0 || index >= size) throw new Error('There is no such leaf in a tree of this size.')
  return path(0, size)
}

/** PROOF(older, D[0:size]): that the tree of a size begins with the older one. Empty for equal sizes and for the empty tree. */
export function consistencySpans(older: number, size: number): Span[] {
  const proof = (from: number, to: number, whole: boolean): Span[] => {
    if (older === to) return whole ? [] : [{ from, to }]
    const middle = from + split(to - from)
    return older <= middle
      ? [...proof(from, middle, whole), { from: middle, to }]
      : [...proof(middle, to, false), { from, to: middle }]
  }
  if (older < 0 || older > size) throw new Error('The older tree cannot be the larger one.')
  return older === 0 ? [] : proof(0, size, true)
}

/** The root of a tree that has this leaf at this index, by its audit path; null when the path has a wrong length. */
export async function rootFromInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: Uint8Array[],
): Promise<Uint8Array | null> {
  if (index < 0 || index >= size) return null
  // RFC 9162, section 2.1.3.2.
  let [fn, sn, root] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (sn === 0) return null
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(sibling, root)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else root = await nodeHash(root, sibling)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 ? root : null
}

const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])
const isPowerOfTwo = (size: number) => Number.isInteger(Math.log2(size))

/** Whether a tree begins with an older one, by their roots and a consistency proof. */
export async function isConsistent(
  older: { size: number; root: Uint8Array },
  newer: { size: number; root: Uint8Array },
  proof: Uint8Array[],
): Promise<boolean> {
  if (older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root)
  if (older.size === 0) return proof.length === 0
  // RFC 9162, section 2.1.4.2.
  const [first, ...rest] = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof
  if (!first) return false
  let [fn, sn] = [older.size - 1, newer.size - 1]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  let [olderRoot, newerRoot] = [first, first]
  for (const hash of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      olderRoot = await nodeHash(hash, olderRoot)
      newerRoot = await nodeHash(hash, newerRoot)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else newerRoot = await nodeHash(newerRoot, hash)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && equal(olderRoot, older.root) && equal(newerRoot, newer.root)
}

/** The hash of a span, by the hashes of its perfect subtrees. */
export const spanHash = (span: Span, hashOf: (subtree: Subtree) => Uint8Array): Promise<Uint8Array> =>
  rootOfRange(subtreesOf(span).map(hashOf))
