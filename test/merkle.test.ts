import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  appendToRange,
  HASH_BYTES,
  joinRange,
  leafHash,
  nodeHash,
  rootOfRange,
  splitRange,
} from '../shared/domain/merkle.ts'
import { hex, naiveLeafHash, naiveTree } from './lib/rfc6962.ts'

const fromHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

/** The compact ranges after none, one, two … all of the leaves. */
async function rangesOf(leafHashes: Uint8Array[]): Promise<Uint8Array[][]> {
  const ranges: Uint8Array[][] = [[]]
  for (const [size, leaf] of leafHashes.entries()) ranges.push(await appendToRange(ranges[size] ?? [], size, leaf))
  return ranges
}

const leavesFrom = (seed: string, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => naiveLeafHash(new TextEncoder().encode(`${seed}/${i}`))))

const ones = (n: number) => n.toString(2).replaceAll('0', '').length

describe('answers that others have published', () => {
  test('the empty tree is SHA-256 of nothing', async () => {
    expect(hex(await rootOfRange([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test('the hash of an empty leaf is the one of RFC 6962', async () => {
    const empty = await leafHash(new Uint8Array())
    expect(hex(empty)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
  })

  // The reference tree of Certificate Transparency: eight leaves, and the root after each.
  test('the reference tree of Certificate Transparency has its eight roots', async () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const hashes = await Promise.all(leaves.map((leaf) => leafHash(fromHex(leaf))))
    const roots = await Promise.all((await rangesOf(hashes)).slice(1).map((range) => rootOfRange(range)))
    expect(roots.map(hex)).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
  })
})

describe('the compact range', () => {
  test('stands for the tree of RFC 6962 at every size from 0 to 300', async () => {
    const leaves = await leavesFrom('every size', 300)
    const tree = naiveTree(leaves)
    for (const [size, range] of (await rangesOf(leaves)).entries()) {
      expect([size, hex(await rootOfRange(range))]).toEqual([size, hex(await tree.root(size))])
      expect([size, range.length]).toEqual([size, ones(size)])
    }
  })

  test('stands for the tree of RFC 6962 whatever the leaves are', async () => {
    const anyLeaves = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(anyLeaves, async (leaves) => {
        const ours = await rangesOf(await Promise.all(leaves.map((leaf) => leafHash(leaf))))
        const tree = naiveTree(await Promise.all(leaves.map(naiveLeafHash)))
        expect(hex(await rootOfRange(ours.at(-1) ?? []))).toBe(hex(await tree.root()))
      }),
      { numRuns: 60 },
    )
  })

  test('stands for the tree of RFC 6962 at large sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1000, max: 4200 }), fc.string(), async (size, seed) => {
        const leaves = await leavesFrom(seed, size)
        const ranges = await rangesOf(leaves)
        expect(hex(await rootOfRange(ranges[size] ?? []))).toBe(hex(await naiveTree(leaves).root()))
      }),
      { numRuns: 3 },
    )
  })

  test('outlasts storage: joined and split again it is the same range', async () => {
    const hash = fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES })
    await fc.assert(
      fc.asyncProperty(fc.array(hash, { maxLength: 50 }), hash, async (range, leaf) => {
        const stored = joinRange(range)
        expect(stored.length).toBe(range.length * HASH_BYTES)
        expect(splitRange(stored).map(hex)).toEqual(range.map(hex))
        // A size of that many ones: the range of a tree that has every one of its subtrees.
        const size = 2 ** range.length - 1
        const grown = await appendToRange(splitRange(stored), size, leaf)
        expect(grown.map(hex)).toEqual((await appendToRange(range, size, leaf)).map(hex))
      }),
      { numRuns: 100 },
    )
  })

  test('is not changed by the leaf that is appended to it', async () => {
    const [before = []] = (await rangesOf(await leavesFrom('kept', 7))).slice(-1)
    const copy = before.map(hex)
    await appendToRange(before, 7, await naiveLeafHash(new Uint8Array()))
    expect(before.map(hex)).toEqual(copy)
  })

  test('of another size is refused instead of hashed to something else', async () => {
    const leaf = await naiveLeafHash(new Uint8Array())
    await expect(appendToRange([], 1, leaf)).rejects.toThrow('does not belong to a tree of this size')
    await expect(appendToRange([leaf], 3, leaf)).rejects.toThrow('does not belong to a tree of this size')
  })

  test('tells a leaf from a node: two hashes are never taken for an entry', async () => {
    const both = fc.tuple(
      fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES }),
      fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES }),
    )
    await fc.assert(
      fc.asyncProperty(both, async ([left, right]) => {
        const node = hex(await nodeHash(left, right))
        expect(node).not.toBe(hex(await leafHash(Uint8Array.from([...left, ...right]))))
        expect(node === hex(await nodeHash(right, left))).toBe(hex(left) === hex(right))
      }),
    )
  })
})
