import type { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signCheckpoint } from '../../shared/domain/checkpoint.ts'
import { appendToRange, leafHash, rootOfRange } from '../../shared/domain/merkle.ts'
import { inclusionSpans, spanHash, subtreesOf } from '../../shared/domain/merkle-proof.ts'
import { formatVerifier, noteVerifier } from '../../shared/domain/note.ts'
import { accept, accepts, checkpointOf, logOf, type Proved } from './sigstore-verifier.ts'

// Trees of many sizes, as our own code makes them. A log that a running Candor keeps: test/e2e/sigstore.test.ts.
const SIZE = 70
const ORIGIN = 'candor.test/audit/ws_00000000001'
const text = (seq: number) => JSON.stringify({ v: 1, seq, action: 'monitor.create' })
const hashes = await Promise.all(
  Array.from({ length: SIZE }, (_, seq) => leafHash(new TextEncoder().encode(text(seq)))),
)
const roots: Uint8Array[] = []
let range: Uint8Array[] = []
for (const [seq, hash] of hashes.entries()) {
  range = await appendToRange(range, seq, hash)
  roots.push(await rootOfRange(range))
}

const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
const log = logOf(formatVerifier(await noteVerifier(ORIGIN, publicKey)))

async function entryAt(seq: number, size: number): Promise<Proved> {
  // The hash of a perfect subtree: its leaves, folded.
  const subtree = async ({ level, index }: { level: number; index: number }) => {
    let part: Uint8Array[] = []
    for (const [i, hash] of hashes.slice(index * 2 ** level, (index + 1) * 2 ** level).entries())
      part = await appendToRange(part, i, hash)
    return rootOfRange(part)
  }
  const path = await Promise.all(
    inclusionSpans(seq, size).map(async (span) => {
      const known = new Map<string, Uint8Array>()
      for (const one of subtreesOf(span)) known.set(`${one.level}/${one.index}`, await subtree(one))
      return spanHash(span, ({ level, index }) => known.get(`${level}/${index}`) ?? new Uint8Array())
    }),
  )
  const root = roots[size - 1] ?? new Uint8Array()
  const checkpoint = await signCheckpoint({ origin: ORIGIN, size, root }, pair.privateKey, publicKey)
  return { text: text(seq), index: seq, path, checkpoint }
}

describe('the verifier of Sigstore', () => {
  test('accepts the checkpoint and the path of every entry, in trees of many sizes', async () => {
    for (const size of [1, 2, 3, 31, 32, 33, 64, SIZE])
      for (let seq = 0; seq < size; seq++)
        expect([seq, Number(accept(await entryAt(seq, size), log).logSize)]).toEqual([seq, size])
  })

  test('refuses another text, another place, another root and another signature', async () => {
    const entry = await entryAt(20, 64)
    expect(accepts(entry, log)).toBe(true)
    const { checkpoint } = entry
    expect(accepts({ ...entry, text: text(21) }, log)).toBe(false)
    expect(accepts({ ...entry, index: 21 }, log)).toBe(false)
    expect(accepts({ ...entry, checkpoint: (await entryAt(0, 63)).checkpoint }, log)).toBe(false)
    expect(() => checkpointOf(checkpoint, log)).not.toThrow()
    expect(() => checkpointOf(checkpoint.replace('\n64\n', '\n65\n'), log)).toThrow()
  })
})
