import { hash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { appendToRange, joinRange, rootOfRange } from '../../shared/domain/merkle.ts'
import {
  consistencySpans,
  inclusionSpans,
  isConsistent,
  rootFromInclusion,
  type Span,
} from '../../shared/domain/merkle-proof.ts'
import { consistencyProof, leavesOfConsistency, leavesOfProof, storedProof } from '../../shared/domain/stored-proof.ts'
import { byLeaf } from '../../shared/domain/stored-tree.ts'
import { naiveTree } from '../lib/rfc6962.ts'

/*
 * Proofs as they are served, of the rows that a log stores, against the tree of RFC 6962: each one there is in small
 * trees, and some hundreds in large ones.
 */

// Millions of hashes: WebCrypto takes a turn of the event loop for each of them.
beforeAll(() => {
  const digest = async (_: string, bytes: Uint8Array) => new Uint8Array(hash('sha256', bytes, 'buffer')).buffer
  vi.stubGlobal('crypto', { subtle: { digest }, getRandomValues: crypto.getRandomValues.bind(crypto) })
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const HASH_BYTES = 32
/** More bytes are not given at once. */
const MOST_BYTES = 65_536

/** Leaves whose hashes nobody has chosen. */
function leavesFor(count: number): Uint8Array[] {
  const bytes = new Uint8Array(count * HASH_BYTES)
  for (let at = 0; at < bytes.length; at += MOST_BYTES) crypto.getRandomValues(bytes.subarray(at, at + MOST_BYTES))
  return Array.from({ length: count }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES))
}

/** A log as its writer stores it, a compact range after each entry, beside the naive tree. */
async function logOf(leaves: Uint8Array[]) {
  const ranges: Uint8Array[][] = [[]]
  for (const [size, leaf] of leaves.entries()) ranges.push(await appendToRange(ranges[size] ?? [], size, leaf))
  /** The rows of these leaves, and of no others. */
  const rowsOf = (seqs: number[]) =>
    byLeaf(
      seqs.map((seq) => ({
        seq,
        leafHash: leaves[seq] ?? new Uint8Array(),
        range: joinRange(ranges[seq + 1] ?? []),
      })),
    )
  return { leaves, tree: naiveTree(leaves), rootAt: (size: number) => rootOfRange(ranges[size] ?? []), rowsOf }
}

type Log = Awaited<ReturnType<typeof logOf>>

const textOf = (hash: Uint8Array | null) => (hash === null ? 'none' : Buffer.from(hash).toString('base64'))
const textsOf = (hashes: Uint8Array[]) => hashes.map(textOf).join()

/** What is wrong with the path of an entry: whether it is the one of RFC 6962, and leads to its root. */
async function pathFaults({ leaves, tree }: Log, index: number, size: number, path: Uint8Array[]): Promise<string[]> {
  const found = await rootFromInclusion(leaves[index] ?? new Uint8Array(), index, size, path)
  const faults: string[] = []
  if (textsOf(path) !== textsOf(await tree.path(index, size))) faults.push(`${index} of ${size}: another path`)
  if (textOf(found) !== textOf(await tree.root(size))) faults.push(`${index} of ${size}: another root`)
  return faults
}

/** What is wrong with a proof that a log only grew: it has to hold, and not for another root before or after. */
async function growthFaults({ tree }: Log, older: number, newer: number, proof: Uint8Array[]): Promise<string[]> {
  const [before, after] = [
    { size: older, root: await tree.root(older) },
    { size: newer, root: await tree.root(newer) },
  ]
  const other = ({ size, root }: typeof before) => ({ size, root: root.map((byte, i) => (i === 7 ? byte ^ 4 : byte)) })
  const faults: string[] = []
  if (!(await isConsistent(before, after, proof))) faults.push(`${older} to ${newer}: refused`)
  // Of the empty tree nothing is to be continued.
  if (older > 0 && (await isConsistent(other(before), after, proof))) faults.push(`${older} to ${newer}: rewritten`)
  if (older > 0 && (await isConsistent(before, other(after), proof))) faults.push(`${older} to ${newer}: forged`)
  return faults
}

describe('in every tree of up to 300 entries', () => {
  const LARGEST = 300
  let log: Log
  /** The hash of a span of a proof, by the rows, once for all the proofs that it is in. */
  let hashesOf: (spans: Span[]) => Promise<Uint8Array[]>
  beforeAll(async () => {
    log = await logOf(leavesFor(LARGEST))
    const rows = log.rowsOf([...log.leaves.keys()])
    const known = new Map<number, Uint8Array>()
    hashesOf = async (spans) => {
      for (const span of spans) {
        const name = span.from * (LARGEST + 1) + span.to
        const [hash] = known.has(name) ? [] : await storedProof([span], rows)
        if (hash) known.set(name, hash)
      }
      return spans.map(({ from, to }) => known.get(from * (LARGEST + 1) + to) ?? new Uint8Array())
    }
  })

  test('each entry has a path to the root', async () => {
    const lost: string[] = []
    for (let size = 1; size <= LARGEST; size++) {
      const root = textOf(await log.tree.root(size))
      for (let index = 0; index < size; index++) {
        const path = await hashesOf(inclusionSpans(index, size))
        const found = await rootFromInclusion(log.leaves[index] ?? new Uint8Array(), index, size, path)
        if (textOf(found) !== root) lost.push(`${index} of ${size}`)
      }
    }
    expect(lost).toEqual([])
  })

  test('each older tree has a proof that the newer one continues it', async () => {
    const roots: Uint8Array[] = []
    for (let size = 0; size <= LARGEST; size++) roots.push(await log.tree.root(size))
    const headAt = (size: number) => ({ size, root: roots[size] ?? new Uint8Array() })
    const refused: string[] = []
    for (let newer = 0; newer <= LARGEST; newer++)
      for (let older = 0; older <= newer; older++) {
        const proof = await hashesOf(consistencySpans(older, newer))
        if (!(await isConsistent(headAt(older), headAt(newer), proof))) refused.push(`${older} to ${newer}`)
      }
    expect(refused).toEqual([])
  })
})

describe('in trees of up to 150,000 entries', () => {
  const LARGEST = 150_000
  let log: Log
  beforeAll(async () => {
    log = await logOf(leavesFor(LARGEST))
  })

  /** Sizes anywhere, and beside powers of two, where trees change their form. */
  const anySize = fc.oneof(
    fc.integer({ min: 1, max: LARGEST }),
    fc.tuple(fc.integer({ min: 1, max: 17 }), fc.integer({ min: -1, max: 1 })).map(([k, d]) => 2 ** k + d),
  )
  const place = anySize.chain((size) => fc.tuple(fc.oneof(fc.nat(size - 1), fc.constant(size - 1)), fc.constant(size)))
  const growth = fc.tuple(anySize, anySize).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)

  test('the stored range stands for the tree of RFC 6962', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, async (size) => {
        expect(textOf(await log.rootAt(size))).toBe(textOf(await log.tree.root(size)))
      }),
      { numRuns: 200 },
    )
  })

  test('an entry has its path, by the rows that are read for it and no others', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ([index, size]) => {
        const spans = inclusionSpans(index, size)
        const path = await storedProof(spans, log.rowsOf(leavesOfProof(spans)))
        expect(await pathFaults(log, index, size, path)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('a log that grew has its proof, by the rows that are read for it and no others', async () => {
    await fc.assert(
      fc.asyncProperty(growth, async ([older, newer]) => {
        const proof = await consistencyProof(older, newer, log.rowsOf(leavesOfConsistency(older, newer)))
        expect(await growthFaults(log, older, newer, proof)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
