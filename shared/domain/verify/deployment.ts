import { parseTreeHead, readCheckpoint, type TreeHead } from '../checkpoint.ts'
import { parseCosigner, readCosignature } from '../cosignature.ts'
import { leafHash } from '../merkle.ts'
import { rootFromInclusion } from '../merkle-proof.ts'
import { type NoteVerifier, noteVerifier, parseNote } from '../note.ts'
import { parseLeafProof } from '../tlog-proof.ts'
import { sameBytes } from './entry.ts'
import { notAnExport, parseVerifiers } from './lines.ts'

/** What a receipt of the deployment log shows. */
export interface DeploymentReceipt {
  /** The workspace's checkpoint: an older one that its log has to continue. */
  leaf: string
  entries: number
  /** Its place in the deployment log, and how long that was. */
  index: number
  size: number
  /** When the witness has signed that head, Unix milliseconds; null when none was asked for. */
  witnessedAt: number | null
}

export type ReadReceipt = { ok: true; receipt: DeploymentReceipt } | { ok: false; why: string }

const encoder = new TextEncoder()
const refused = (why: string): ReadReceipt => ({ ok: false, why })

/** The deployment log is beside the workspace's own: `<host>/audit/deployment`. */
const deploymentOrigin = (origin: string) => origin.replace(/[^/]+$/, 'deployment')

/** One key signs for all logs of a deployment, under each log's own name. */
const named = (verifiers: NoteVerifier[], origin: string) =>
  Promise.all(verifiers.map(({ publicKey }) => noteVerifier(origin, publicKey)))

/** When the witness has signed this head; a sentence when it has not. */
async function witnessedAt(checkpoint: string, vkey: string, now: number): Promise<number | string> {
  const witness = await parseCosigner(vkey)
  if (!witness) throw notAnExport(`This is not the key of a witness: ${vkey.slice(0, 80)}`)
  const end = checkpoint.indexOf('\n\n')
  const text = checkpoint.slice(0, end + 1)
  const cosignature = await readCosignature(text, checkpoint.slice(end + 2), witness, now)
  return cosignature ? cosignature.time * 1000 : `The witness ${witness.name} has not signed this head.`
}

async function includes(head: TreeHead, leaf: string, index: number, path: Uint8Array[]): Promise<boolean> {
  const root = await rootFromInclusion(await leafHash(encoder.encode(leaf)), index, head.size, path)
  return root !== null && sameBytes(root, head.root)
}

/**
 * Reads a receipt that a workspace's checkpoint is in the deployment log. `keys`: those that verify the workspace's
 * checkpoints. `witness`: a key whose cosignature has to be there. Throws for what is no receipt.
 */
export async function readDeploymentReceipt(
  text: string,
  keys: string[],
  witness: string | undefined,
  now: number,
): Promise<ReadReceipt> {
  const proof = parseLeafProof(text)
  const claimed = proof && parseTreeHead(parseNote(proof.leaf)?.text ?? '')
  if (!proof || !claimed) throw notAnExport('What was given as the receipt of the deployment log is none.')
  const verifiers = await parseVerifiers(keys)
  const leaf = await readCheckpoint(proof.leaf, await named(verifiers, claimed.origin))
  if (!leaf.ok) return refused('No key that is known has signed the checkpoint in the receipt.')
  const origin = deploymentOrigin(claimed.origin)
  const head = await readCheckpoint(proof.checkpoint, await named(verifiers, origin))
  if (!head.ok || head.head.origin !== origin)
    return refused('No key that is known has signed the head of the deployment log.')
  if (!(await includes(head.head, proof.leaf, proof.index, proof.path)))
    return refused('The checkpoint in the receipt is not in the deployment log under that head.')
  const at = witness === undefined ? null : await witnessedAt(proof.checkpoint, witness, now)
  if (typeof at === 'string') return refused(at)
  const { leaf: note, index } = proof
  return { ok: true, receipt: { leaf: note, entries: leaf.head.size, index, size: head.head.size, witnessedAt: at } }
}
