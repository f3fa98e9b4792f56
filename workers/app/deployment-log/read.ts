import { rootOfRange } from '../../../shared/domain/merkle.ts'
import { inclusionSpans } from '../../../shared/domain/merkle-proof.ts'
import { leavesOfProof, storedProof } from '../../../shared/domain/stored-proof.ts'
import { leavesOfTile, storedTile, type TilePlace } from '../../../shared/domain/tile.ts'
import { formatLeafProof } from '../../../shared/domain/tlog-proof.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Checkpointer } from '../crypto/checkpointer.ts'
import { DEPLOYMENT, type DeploymentStanding } from './request.ts'
import type { Store } from './store.ts'

/** The signed head at a size that the log has had. */
export const checkpointAt = async (store: Store, checkpointer: Checkpointer, size: number): Promise<string> =>
  checkpointer.sign(DEPLOYMENT, { size, root: await rootOfRange(store.rangeAt(size)) })

/** The signed head, with the witness's line where it has signed this very head. */
async function withCosignature(store: Store, checkpointer: Checkpointer, size: number): Promise<string> {
  const cosigned = store.cosigned()
  const note = await checkpointAt(store, checkpointer, size)
  return cosigned?.size === size ? `${note}${cosigned.line}\n` : note
}

/** The head that is public. */
export const publicCheckpoint = (store: Store, checkpointer: Checkpointer): Promise<string> =>
  withCosignature(store, checkpointer, store.published())

/** A run of hashes; null when the log is not that long. */
export const tileOf = (store: Store, level: number, place: TilePlace): Promise<Uint8Array | null> =>
  storedTile(level, place, store.tree(leavesOfTile(level, place)))

/** Under which head a leaf is shown: one that was witnessed, else the public one, else the newest. */
function headFor(store: Store, seq: number): number {
  const sizes = [store.cosigned()?.size ?? 0, store.published()]
  return sizes.find((size) => size > seq) ?? store.size()
}

/** That the newest checkpoint taken of a workspace is in the log; null when none was taken. */
export async function receiptOf(
  store: Store,
  checkpointer: Checkpointer,
  workspaceId: WorkspaceId,
): Promise<string | null> {
  const leaf = store.newestOf(workspaceId)
  if (!leaf) return null
  const size = headFor(store, leaf.seq)
  const spans = inclusionSpans(leaf.seq, size)
  const path = await storedProof(spans, store.tree(leavesOfProof(spans)))
  const checkpoint = await withCosignature(store, checkpointer, size)
  return formatLeafProof({ leaf: leaf.note, index: leaf.seq, path, checkpoint })
}

export function standingOf(store: Store, workspaceId: WorkspaceId, hasWitness: boolean): DeploymentStanding {
  const leaf = store.newestOf(workspaceId)
  const cosigned = store.cosigned()
  return {
    newest: leaf && { size: leaf.size, seq: leaf.seq, at: leaf.at },
    refused: store.refusalOf(workspaceId),
    witnessed: leaf && cosigned && cosigned.size > leaf.seq ? { by: cosigned.by, at: cosigned.at } : null,
    hasWitness,
  }
}
