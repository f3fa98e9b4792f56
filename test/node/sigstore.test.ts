import { createPublicKey, type webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { signCheckpoint } from '../../shared/domain/checkpoint.ts'
import { appendToRange, leafHash, rootOfRange } from '../../shared/domain/merkle.ts'
import { inclusionSpans, spanHash, subtreesOf } from '../../shared/domain/merkle-proof.ts'
import { noteVerifier } from '../../shared/domain/note.ts'

/** Sigstore's own verifier of transparency logs: it reads checkpoints and audit paths, and has nothing of ours. */
const load = createRequire(import.meta.url)
const { verifyMerkleInclusion } = load('@sigstore/verify/dist/tlog/merkle.js') as {
  verifyMerkleInclusion(entry: object, checkpoint: object): void
}
const { verifyCheckpoint } = load('@sigstore/verify/dist/tlog/checkpoint.js') as {
  verifyCheckpoint(entry: object, logs: object[]): { logSize: bigint; logHash: Buffer }
}

const SIZE = 70
const ORIGIN = 'candor.test/audit/ws_00000000001'
const leaf = (seq: number) => new TextEncoder().encode(JSON.stringify({ v: 1, seq, action: 'monitor.create' }))
const hashes = await Promise.all(Array.from({ length: SIZE }, (_, seq) => leafHash(leaf(seq))))
const roots: Uint8Array[] = []
let range: Uint8Array[] = []
for (const [seq, hash] of hashes.entries()) {
  range = await appendToRange(range, seq, hash)
  roots.push(await rootOfRange(range))
}

const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
const { keyId } = await noteVerifier(ORIGIN, publicKey)
const spki = Buffer.from((await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer)
const log = {
  logID: Buffer.from(keyId, 'hex'),
  baseURL: ORIGIN,
  publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
}

async function entryAt(seq: number, size: number) {
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
  const envelope = await signCheckpoint({ origin: ORIGIN, size, root }, pair.privateKey, publicKey)
  return {
    canonicalizedBody: Buffer.from(leaf(seq)),
    inclusionProof: { logIndex: String(seq), hashes: path.map((hash) => Buffer.from(hash)), checkpoint: { envelope } },
  }
}

describe('the verifier of Sigstore', () => {
  test('accepts the checkpoint and the path of every entry, in trees of many sizes', async () => {
    for (const size of [1, 2, 3, 31, 32, 33, 64, SIZE])
      for (const seq of new Set([0, Math.floor(size / 2), size - 1])) {
        const entry = await entryAt(seq, size)
        const checkpoint = verifyCheckpoint(entry, [log])
        expect(Number(checkpoint.logSize)).toBe(size)
        expect(() => verifyMerkleInclusion(entry, checkpoint)).not.toThrow()
      }
  })

  test('refuses another text, another place, another root and another signature', async () => {
    const entry = await entryAt(20, 64)
    const checkpoint = verifyCheckpoint(entry, [log])
    const proof = entry.inclusionProof
    expect(() => verifyMerkleInclusion({ ...entry, canonicalizedBody: Buffer.from(leaf(21)) }, checkpoint)).toThrow()
    const moved = { ...entry, inclusionProof: { ...proof, logIndex: '21' } }
    expect(() => verifyMerkleInclusion(moved, checkpoint)).toThrow()
    const other = verifyCheckpoint(await entryAt(0, 63), [log])
    expect(() => verifyMerkleInclusion(entry, other)).toThrow()
    const grown = { envelope: proof.checkpoint.envelope.replace('\n64\n', '\n65\n') }
    expect(() => verifyCheckpoint({ inclusionProof: { ...proof, checkpoint: grown } }, [log])).toThrow()
  })
})
