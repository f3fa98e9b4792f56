import { consistencySpans } from '../../../shared/domain/merkle-proof.ts'
import { leavesOfProof, storedProof } from '../../../shared/domain/stored-proof.ts'
import type { Checkpointer } from '../crypto/checkpointer.ts'
import type { Witness } from '../crypto/witness.ts'
import { type AddCheckpoint, askWitness, type WitnessAnswer } from './ask-witness.ts'
import { checkpointAt } from './read.ts'
import type { Store, WitnessState } from './store.ts'

/** Checkpoints that are taken within this time reach the witness as one head. */
export const DEBOUNCE_MS = 5000
const FIRST_RETRY_MS = 60_000
const LAST_RETRY_MS = 6 * 3_600_000
/** After this the public head goes on without the witness, and says so by having no line of it. */
const OVERDUE_MS = 3_600_000
/** The first round learns what the witness has, the second begins there. A third meets a witness that moved meanwhile. */
const ROUNDS = 3

/** The newest head is public when there is no witness to wait for, or it was waited for long enough. */
export function publishNewest(store: Store, witness: Witness | null, now: number): void {
  const oldest = store.leaf(store.published())
  if (oldest && (!witness || now - oldest.at >= OVERDUE_MS)) store.publish(store.size())
}

/** When the witness is to be asked, Unix milliseconds; null when it has signed the newest head. */
export function nextSubmission(store: Store, { vkey }: Witness, now: number): number | null {
  const cosigned = store.cosigned()
  const isSigned = cosigned?.vkey === vkey && cosigned.size >= store.size()
  return isSigned || store.size() === 0 ? null : Math.max(now + DEBOUNCE_MS, store.witnessState(vkey).nextTry)
}

async function requestFor(store: Store, checkpointer: Checkpointer, old: number, size: number): Promise<AddCheckpoint> {
  const spans = consistencySpans(old, size)
  const checkpoint = await checkpointAt(store, checkpointer, size)
  return {
    old,
    proof: await storedProof(spans, store.tree(leavesOfProof(spans))),
    text: checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1),
    checkpoint,
  }
}

/** Asks, and where the witness is at another size, asks once more from there. */
async function ask(
  store: Store,
  witness: Witness,
  checkpointer: Checkpointer,
  size: number,
): Promise<Exclude<WitnessAnswer, { type: 'at' }>> {
  let old = Math.min(store.witnessState(witness.vkey).size, size)
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await askWitness(witness, await requestFor(store, checkpointer, old, size))
    if (answer.type !== 'at') return answer
    // It holds a head of ours that we do not have: this log was rolled back, or somebody signs with our key.
    if (answer.size > size)
      return { type: 'failed', why: `it has signed ${answer.size} leaves, and there are ${size}`, inconsistent: true }
    old = answer.size
  }
  return { type: 'failed', why: 'it always asks for another size', inconsistent: false }
}

function retryLater(store: Store, state: WitnessState, now: number): void {
  const wait = Math.min(FIRST_RETRY_MS * 2 ** state.failures, LAST_RETRY_MS)
  store.keepWitnessState({ ...state, failures: state.failures + 1, nextTry: now + wait })
}

/**
 * Brings the newest head to the witness. Appends go on meanwhile. Two crash points: before the witness has heard of the
 * head, nothing has happened; after it, it says at the next try what it has, and is asked from there.
 */
export async function submit(store: Store, witness: Witness, checkpointer: Checkpointer): Promise<void> {
  const size = store.size()
  const { vkey, name } = witness
  const answer = await ask(store, witness, checkpointer, size)
  const now = Date.now()
  if (answer.type === 'failed') {
    const event = answer.inconsistent ? 'deployment_log.inconsistent' : 'witness.failed'
    console.error(JSON.stringify({ event, witness: name, size, why: answer.why }))
    retryLater(store, store.witnessState(vkey), now)
    publishNewest(store, witness, now)
    return
  }
  const { line, time } = answer.cosignature
  store.keepCosigned({ vkey, by: name, size, line, at: time * 1000 })
  store.keepWitnessState({ vkey, size, failures: 0, nextTry: 0 })
  store.publish(size)
}
