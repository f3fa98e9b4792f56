import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendToRange, joinRange } from '../../shared/domain/merkle.ts'
import { byLeaf, leavesOf, type StoredLeaf, subtreeHash } from '../../shared/domain/stored-tree.ts'
import { hex, naiveLeafHash, naiveTree } from '../lib/rfc6962.ts'

const LARGEST = 300
const leaves = await Promise.all(
  Array.from({ length: LARGEST }, (_, i) => naiveLeafHash(new TextEncoder().encode(`entry ${i}`))),
)
const rows: StoredLeaf[] = []
let range: Uint8Array[] = []
for (const [seq, leafHash] of leaves.entries()) {
  range = await appendToRange(range, seq, leafHash)
  rows.push({ seq, leafHash, range: joinRange(range) })
}

test('the rows of two leaves are enough for the hash of any perfect subtree', async () => {
  const tree = naiveTree(leaves)
  const all = byLeaf(rows)
  for (let level = 0; 2 ** level <= LARGEST; level++)
    for (let index = 0; (index + 1) * 2 ** level <= LARGEST; index++) {
      const needed = new Map(leavesOf({ level, index }).flatMap((seq) => [[seq, all.get(seq) as StoredLeaf]]))
      const wanted = await tree.subtree(index * 2 ** level, (index + 1) * 2 ** level)
      expect(hex(await subtreeHash({ level, index }, needed))).toBe(hex(wanted))
    }
})

test('a row that is missing is an error, not a wrong hash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), async (level) => {
      const [before = 0, last = 0] = leavesOf({ level, index: 0 })
      const only = (seq: number) => byLeaf(rows.filter((row) => row.seq === seq))
      await expect(subtreeHash({ level, index: 0 }, only(before))).rejects.toThrow('missing')
      await expect(subtreeHash({ level, index: 0 }, only(last))).rejects.toThrow('too short')
    }),
  )
})
