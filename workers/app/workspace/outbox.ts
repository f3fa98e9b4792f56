import { and, eq, inArray } from 'drizzle-orm'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { type Effect, outbox } from '../db/schema/outbox.ts'

/** One effect on its way. `id` is stable over repeats: consumers are idempotent by it. */
export interface OutboxMessage {
  workspaceId: WorkspaceId
  id: string
  effect: Effect
}

/** Messages a batch: the platform's limit for one `sendBatch` is 100. */
const BATCH = 100

/**
 * Hands the waiting effects to the queue, then forgets them. A crash in between sends them again.
 * Answers whether there may be more.
 */
export async function drainOutbox(db: Db, workspaceId: WorkspaceId, queue: Queue<OutboxMessage>): Promise<boolean> {
  const rows = await db.select().from(outbox).where(eq(outbox.workspaceId, workspaceId)).limit(BATCH)
  if (rows.length === 0) return false
  await queue.sendBatch(rows.map((row) => ({ body: { workspaceId, id: row.id, effect: row.effect } })))
  for (let i = 0; i < rows.length; i += 50) {
    const ids = rows.slice(i, i + 50).map((row) => row.id)
    await db.delete(outbox).where(and(eq(outbox.workspaceId, workspaceId), inArray(outbox.id, ids)))
  }
  return rows.length === BATCH
}
