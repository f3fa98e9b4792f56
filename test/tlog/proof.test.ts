import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consistencySpans,
  inclusionSpans,
  isConsistent,
  rootFromInclusion,
  type Span,
  spanHash,
  subtreesOf,
} from '../../shared/domain/merkle-proof.ts'
import { hex, naiveLeafHash, naiveTree } from '../lib/rfc6962.ts'

const LARGEST = 300
const leaves = await Promise.all(
  Array.from({ length: LARGEST }, (_, i) => naiveLeafHash(new TextEncoder().encode(`entry ${i}`))),
)
const tree = naiveTree(leaves)
const root = (size: number) => tree.root(size)
const hashes = (spans: Span[]) => Promise.all(spans.map(({ from, to }) => tree.subtree(from, to)))
const leaf = (index: number) => leaves[index] ?? new Uint8Array()

const sizes = Array.from({ length: LARGEST + 1 }, (_, size) => size)
/** Two sizes, the smaller first. */
const twoSizes = fc.tuple(fc.nat(LARGEST), fc.nat(LARGEST)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
const place = fc.integer({ min: 1, max: LARGEST }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)))

describe('the path of an entry', () => {
  test('leads to the root, from the first and the last leaf of every size up to 300', async () => {
    for (const size of sizes.slice(1))
      for (const index of new Set([0, size - 1, Math.floor(size / 2)])) {
        const found = await rootFromInclusion(leaf(index), index, size, await hashes(inclusionSpans(index, size)))
        expect(hex(found ?? [])).toBe(hex(await root(size)))
      }
  })

  test('leads nowhere for another leaf, another place, another size, or with a hash changed, lost or added', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(), fc.nat(7), async ([index, size], which, bit) => {
        const path = await hashes(inclusionSpans(index, size))
        const right = hex(await root(size))
        const wrong = async (at: number, of: number, what: Uint8Array, by: Uint8Array[]) =>
          expect(hex((await rootFromInclusion(what, at, of, by)) ?? [])).not.toBe(right)
        await wrong(index, size, leaf((index + 1) % LARGEST), path)
        await wrong(index, size, leaf(index), [...path, leaf(0)])
        if (path.length === 0) return
        const i = which % path.length
        const flipped = path.map((hash, at) =>
          at === i ? hash.map((byte, j) => (j === which % 32 ? byte ^ (1 << bit) : byte)) : hash,
        )
        await wrong(index, size, leaf(index), flipped)
        await wrong(index, size, leaf(index), path.toSpliced(i, 1))
        await wrong(index === 0 ? 1 : index - 1, size, leaf(index), path)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the proof that a log only grew', () => {
  test('holds for every size up to 300 and a later one', async () => {
    for (const older of sizes)
      for (const newer of new Set([older, Math.min(older + 1, LARGEST), Math.min(older * 2, LARGEST), LARGEST])) {
        const proof = await hashes(consistencySpans(older, newer))
        const heads = [
          { size: older, root: await root(older) },
          { size: newer, root: await root(newer) },
        ] as const
        expect(await isConsistent(...heads, proof)).toBe(true)
      }
  })

  test('fails for another history, in either root, and with a hash changed, lost or added', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.nat(), async ([older, newer], which) => {
        const proof = await hashes(consistencySpans(older, newer))
        const [a, b] = [
          { size: older, root: await root(older) },
          { size: newer, root: await root(newer) },
        ]
        const other = { ...a, root: a.root.map((byte) => byte ^ 1) }
        if (older > 0) expect(await isConsistent(other, b, proof)).toBe(false)
        if (older > 0) expect(await isConsistent(a, { ...b, root: leaf(0) }, proof)).toBe(newer === 1)
        expect(await isConsistent(a, b, [...proof, leaf(0)])).toBe(false)
        if (newer > older) expect(await isConsistent(b, a, proof)).toBe(false)
        if (proof.length > 0) expect(await isConsistent(a, b, proof.toSpliced(which % proof.length, 1))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a span of leaves', () => {
  test('is made of perfect subtrees, left to right, at most two of a size', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(2 ** 20), (from, length) => {
        const parts = subtreesOf({ from, to: from + length })
        let at = from
        for (const { level, index } of parts) {
          expect(index * 2 ** level).toBe(at)
          at += 2 ** level
        }
        expect(at).toBe(from + length)
        for (const count of Map.groupBy(parts, ({ level }) => level).values())
          expect(count.length).toBeLessThanOrEqual(2)
      }),
    )
  })

  test('hashes to what the tree says of it, from its subtrees alone', async () => {
    for (const { from, to } of [...inclusionSpans(77, 299), ...consistencySpans(77, 299)]) {
      const known = new Map(
        await Promise.all(
          subtreesOf({ from, to }).map(
            async ({ level, index }) =>
              [`${level}/${index}`, await tree.subtree(index * 2 ** level, (index + 1) * 2 ** level)] as const,
          ),
        ),
      )
      const found = await spanHash({ from, to }, ({ level, index }) => known.get(`${level}/${index}`) ?? leaf(0))
      expect(hex(found)).toBe(hex(await tree.subtree(from, to)))
    }
  })
})
