import { rootOfRange, splitRange } from '../../../shared/domain/merkle.ts'
import { consistencySpans } from '../../../shared/domain/merkle-proof.ts'
import { leavesOfProof, storedProof } from '../../../shared/domain/stored-proof.ts'
import { byLeaf } from '../../../shared/domain/stored-tree.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { configOf, deploymentLog, type Env } from '../bindings.ts'
import type { Db } from '../db/client.ts'
import type { HandOver } from '../deployment-log/request.ts'
import { treeRows } from '../services/log/rows.ts'
import type { Checked } from './self-check.ts'

const RETRY_MS = 10 * 60_000
/** The first round learns from where on the proof has to begin; the second has it. */
const ROUNDS = 2

/** What has become of it: the size that was taken last, and when to try again, Unix milliseconds. */
interface HandedOver {
  size: number
  retryAt: number | null
}

/**
 * Hands the log's checkpoint to the deployment log, with a proof that it continues the one before. An answer that is
 * lost costs nothing: the same checkpoint again adds nothing there.
 */
export function makeHandOver(db: Db, storage: DurableObjectStorage, env: Env) {
  const kept = () => storage.kv.get<HandedOver>('handedOver')

  async function request(workspaceId: WorkspaceId, { size, range }: Checked, old: number): Promise<HandOver> {
    const spans = consistencySpans(old, size)
    const rows = spans.length > 0 ? await treeRows(db, workspaceId, leavesOfProof(spans)) : []
    const root = await rootOfRange(splitRange(range))
    return {
      workspaceId,
      old,
      proof: await storedProof(spans, byLeaf(rows)),
      checkpoint: await configOf(env).checkpointer.sign(workspaceId, { size, root }),
    }
  }

  return {
    /** A log that was never handed over is due, and one that could not be. */
    isDue(now: number): boolean {
      const handed = kept()
      return !handed || (handed.retryAt !== null && handed.retryAt <= now)
    },

    /** It did not work: answers when to try again. */
    later(now: number): number {
      storage.kv.put<HandedOver>('handedOver', { size: kept()?.size ?? 0, retryAt: now + RETRY_MS })
      return now + RETRY_MS
    },

    /** What is refused stays refused until the next night: the deployment log has said it loudly. */
    async give(workspaceId: WorkspaceId, checked: Checked): Promise<void> {
      const { size } = checked
      let old = Math.min(kept()?.size ?? 0, size)
      if (size === 0) return
      for (let round = 0; round < ROUNDS; round++) {
        const answer = await deploymentLog(env).add(await request(workspaceId, checked, old))
        if (answer.taken || 'refused' in answer) {
          storage.kv.put<HandedOver>('handedOver', { size: answer.taken ? size : old, retryAt: null })
          return
        }
        old = answer.begin
      }
      throw new Error('The deployment log asks for another beginning each time.')
    },
  }
}
