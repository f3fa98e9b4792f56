import { nodeHash, rootOfRange, webSha256 } from './merkle.ts'
import { type Subtree, subtreesOf } from './merkle-proof.ts'

interface Node {
  level: number
  hash: Uint8Array
}

/**
 * A tree that grows by perfect subtrees as well as by leaves: what a verifier keeps of a log that it reads once, some of
 * it as hashes only. O(log n) memory.
 */
export function growTree(sha256 = webSha256) {
  const nodes: Node[] = []
  let size = 0

  /** Appends a perfect subtree; the tree's size has to be a multiple of its own. */
  async function append(level: number, hash: Uint8Array): Promise<void> {
    let node: Node = { level, hash }
    for (let last = nodes.at(-1); last?.level === node.level; last = nodes.at(-1)) {
      nodes.pop()
      node = { level: node.level + 1, hash: await nodeHash(last.hash, node.hash, sha256) }
    }
    nodes.push(node)
    size += 2 ** level
  }

  return {
    size: () => size,
    append,
    /** Appends the leaves [size, to) by the hashes of their perfect subtrees; false when these are not as many. */
    async appendSpan(to: number, hashes: Uint8Array[]): Promise<boolean> {
      const parts: Subtree[] = subtreesOf({ from: size, to })
      if (parts.length !== hashes.length) return false
      for (const [i, { level }] of parts.entries()) await append(level, hashes[i] ?? new Uint8Array())
      return true
    },
    range: () => nodes.map(({ hash }) => hash),
    root: () =>
      rootOfRange(
        nodes.map(({ hash }) => hash),
        sha256,
      ),
  }
}

/**
 * The perfect subtrees of a run of leaves that begins anywhere: what a gap of an export is made of, as it is read leaf
 * by leaf.
 */
export function growSpan(from: number) {
  const nodes: (Node & { index: number })[] = []
  let at = from
  return {
    to: () => at,
    async append(leaf: Uint8Array): Promise<void> {
      let node = { level: 0, index: at, hash: leaf }
      // Two neighbours of a level are one subtree when the left one is a left child.
      for (let last = nodes.at(-1); last?.level === node.level && node.index % 2 === 1; last = nodes.at(-1)) {
        nodes.pop()
        node = { level: node.level + 1, index: (node.index - 1) / 2, hash: await nodeHash(last.hash, node.hash) }
      }
      nodes.push(node)
      at++
    },
    hashes: () => nodes.map(({ hash }) => hash),
  }
}
