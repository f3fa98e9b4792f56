import { parseTreeHead, readCheckpoint, type TreeHead } from '../../../shared/domain/checkpoint.ts'
import { appendToRange, joinRange, leafHash } from '../../../shared/domain/merkle.ts'
import { isConsistent } from '../../../shared/domain/merkle-proof.ts'
import { parseNote, parseVerifier } from '../../../shared/domain/note.ts'
import type { Checkpointer } from '../crypto/checkpointer.ts'
import type { HandOver, HandOverAnswer, Refusal } from './request.ts'
import type { Store } from './store.ts'

const encoder = new TextEncoder()

/** The head that a workspace's checkpoint says; null when no key of ours has signed it for that workspace's log. */
async function signedHead({ workspaceId, checkpoint }: HandOver, checkpointer: Checkpointer): Promise<TreeHead | null> {
  const keys = await checkpointer.verifierKeys(workspaceId)
  const verifiers = await Promise.all(keys.map(({ vkey }) => parseVerifier(vkey)))
  const read = await readCheckpoint(
    checkpoint,
    verifiers.filter((verifier) => verifier !== null),
  )
  return read.ok && read.head.size > 0 && read.head.origin === checkpointer.originOf(workspaceId) ? read.head : null
}

/** The head of a leaf: it was verified when it was taken. */
const headOfLeaf = (note: string): TreeHead | null => parseTreeHead(parseNote(note)?.text ?? '')

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

/**
 * Takes a workspace's checkpoint into the log, when it is signed and continues the last one that was taken of that
 * workspace. The same one again adds nothing: so a workspace that did not hear the answer just asks again. The caller
 * sees to it that one is taken at a time.
 */
export async function takeCheckpoint(
  store: Store,
  checkpointer: Checkpointer,
  request: HandOver,
  now: number,
): Promise<HandOverAnswer> {
  const { workspaceId, old, proof, checkpoint } = request
  const refuse = (refused: Refusal, size: number): HandOverAnswer => {
    console.error(JSON.stringify({ event: 'deployment_log.refused', workspaceId, reason: refused, size }))
    store.refuse(workspaceId, size, refused, now)
    return { taken: false, refused }
  }
  const head = await signedHead(request, checkpointer)
  if (!head) return refuse('not signed', 0)
  const last = store.newestOf(workspaceId)
  const lastHead = last && headOfLeaf(last.note)
  if (last && head.size < last.size) return refuse('rolled back', head.size)
  if (last && lastHead && head.size === last.size) {
    if (!same(head.root, lastHead.root)) return refuse('forked', head.size)
    store.forgetRefusal(workspaceId)
    return { taken: true, seq: last.seq }
  }
  if (old !== (last?.size ?? 0)) return { taken: false, begin: last?.size ?? 0 }
  if (last && !(lastHead && (await isConsistent(lastHead, head, proof)))) return refuse('forked', head.size)

  const seq = store.size()
  const hash = await leafHash(encoder.encode(checkpoint))
  const range = await appendToRange(store.rangeAt(seq), seq, hash)
  store.append({ seq, workspaceId, size: head.size, note: checkpoint, at: now }, hash, joinRange(range))
  store.forgetRefusal(workspaceId)
  return { taken: true, seq }
}
