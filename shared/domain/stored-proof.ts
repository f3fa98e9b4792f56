import { consistencySpans, type Span, type Subtree, spanHash, subtreesOf } from './merkle-proof.ts'
import { leavesOf, type StoredLeaf, subtreeHash } from './stored-tree.ts'

/** The leaves whose rows a proof is made of: O(log² n) of them, however long the log is. */
export const leavesOfProof = (spans: Span[]): number[] => [...new Set(spans.flatMap(subtreesOf).flatMap(leavesOf))]

/** The hashes of a proof, from the rows of its leaves. Throws when one is missing. */
export async function storedProof(spans: Span[], rows: ReadonlyMap<number, StoredLeaf>): Promise<Uint8Array[]> {
  const nameOf = ({ level, index }: Subtree) => `${level}/${index}`
  const hashes = new Map<string, Uint8Array>()
  for (const subtree of spans.flatMap(subtreesOf)) hashes.set(nameOf(subtree), await subtreeHash(subtree, rows))
  return Promise.all(spans.map((span) => spanHash(span, (part) => hashes.get(nameOf(part)) ?? new Uint8Array())))
}

/** The leaves of a proof that the tree of one size begins with the tree of another; the last one too, which shows that it was reached. */
export const leavesOfConsistency = (from: number, to: number): number[] =>
  [...new Set([to - 1, ...leavesOfProof(consistencySpans(from, to))])].filter((seq) => seq >= 0)

/** That proof (RFC 6962, section 2.1.2). Throws when a row is missing. */
export const consistencyProof = (from: number, to: number, rows: ReadonlyMap<number, StoredLeaf>) =>
  storedProof(consistencySpans(from, to), rows)
