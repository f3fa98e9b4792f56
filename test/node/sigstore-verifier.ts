import { createPublicKey } from 'node:crypto'
import { createRequire } from 'node:module'

/*
 * Sigstore's own verifier of transparency logs: it reads checkpoints and audit paths, and has nothing of ours. It takes
 * apart neither our keys nor our receipts, whose formats are C2SP's: that is done here, by their texts.
 */
const load = createRequire(import.meta.url)
const { verifyMerkleInclusion } = load('@sigstore/verify/dist/tlog/merkle.js') as {
  verifyMerkleInclusion(entry: object, checkpoint: object): void
}
const { verifyCheckpoint } = load('@sigstore/verify/dist/tlog/checkpoint.js') as {
  verifyCheckpoint(entry: object, logs: object[]): Checkpoint
}

interface Checkpoint {
  origin: string
  logSize: bigint
  logHash: Buffer
}

/** What DER says before the 32 bytes of an Ed25519 key (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** A log as Sigstore knows it, by the key that is written down as `name+id+key`. */
export function logOf(vkey: string) {
  const [, baseURL = '', id = '', key = ''] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? []
  const der = Buffer.concat([SPKI, Buffer.from(key, 'base64').subarray(1)])
  return {
    logID: Buffer.from(id, 'hex'),
    baseURL,
    publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }),
  }
}
export type Log = ReturnType<typeof logOf>

/** An entry with its place, its path from the sibling up, and the checkpoint that it is proved by. */
export interface Proved {
  text: string
  index: number
  path: Uint8Array[]
  checkpoint: string
}

/** A receipt (c2sp.org/tlog-proof) of a text. */
export function provedBy(receipt: string, text: string): Proved {
  const end = receipt.indexOf('\n\n')
  const [, place = '', ...hashes] = receipt.slice(0, end).split('\n')
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'))
  return { text, index: Number(place.replace('index ', '')), path, checkpoint: receipt.slice(end + 2) }
}

/** The head of a checkpoint. Throws when the log has not signed it. */
export const checkpointOf = (envelope: string, log: Log): Checkpoint =>
  verifyCheckpoint({ inclusionProof: { checkpoint: { envelope } } }, [log])

/** The head under which an entry is in the log. Throws when it is not. */
export function accept({ text, index, path, checkpoint: envelope }: Proved, log: Log): Checkpoint {
  const hashes = path.map((hash) => Buffer.from(hash))
  const inclusionProof = { logIndex: String(index), hashes, checkpoint: { envelope } }
  const entry = { canonicalizedBody: Buffer.from(text), inclusionProof }
  const checkpoint = verifyCheckpoint(entry, [log])
  verifyMerkleInclusion(entry, checkpoint)
  return checkpoint
}

/** Whether it says so. */
export function accepts(proved: Proved, log: Log): boolean {
  try {
    accept(proved, log)
    return true
  } catch {
    return false
  }
}
