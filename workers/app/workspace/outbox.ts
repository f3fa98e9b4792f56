import { asc, eq } from 'drizzle-orm'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { type Effect, outbox } from '../db/schema/outbox.ts'

/** One effect on its way. `id` is stable over repeats: consumers are idempotent by it. */
export interface OutboxMessage {
  workspaceId: WorkspaceId
  id: string
  effect: Effect
  /** Which try this is, from 1. */
  attempt: number
}

/** Messages a batch: the platform's limit for one `sendBatch` is 100. */
const BATCH = 100
/** An effect that was handed over and is still there after this time is handed over again: queues lose messages too. */
const LEASE_MS = 5 * 60_000
const SOON_MS = 1000

/**
 * Hands effects that are due to the queue, which only carries them: the row stays until its effect has happened
 * (effects/consume.ts), so that neither a crash nor a lost message loses it. Answers when to look again, Unix
 * milliseconds, or null when nothing waits.
 */
export function makeDrain(db: Db, env: { OUTBOX: Queue<OutboxMessage> }) {
  /** Effects that are on their way, and until when that is believed. In memory: after a restart they are sent again. */
  const leases = new Map<string, number>()
  let last: Promise<unknown> = Promise.resolve()

  async function drain(workspaceId: WorkspaceId, now: number): Promise<number | null> {
    const rows = await db
      .select()
      .from(outbox)
      .where(eq(outbox.workspaceId, workspaceId))
      .orderBy(asc(outbox.dueAt))
      .limit(BATCH)
    const there = new Set(rows.map(({ id }) => id))
    for (const [id, until] of leases) if (!there.has(id) || until <= now) leases.delete(id)
    const due = rows.filter(({ id, dueAt }) => dueAt <= now && !leases.has(id))
    if (due.length > 0)
      await env.OUTBOX.sendBatch(
        due.map(({ id, effect, attempts }) => ({ body: { workspaceId, id, effect, attempt: attempts + 1 } })),
      )
    for (const { id } of due) leases.set(id, now + LEASE_MS)
    const times = rows.map(({ id, dueAt }) => (dueAt > now ? dueAt : (leases.get(id) ?? now)))
    // There may be more behind a full batch, once these have gone.
    if (rows.length === BATCH) times.push(now + SOON_MS)
    return times.length > 0 ? Math.min(...times) : null
  }

  /** One drain at a time, so that none is sent twice at once. */
  return (workspaceId: WorkspaceId, now: number): Promise<number | null> => {
    const turn = last.then(() => drain(workspaceId, now))
    last = turn.catch(() => undefined)
    return turn
  }
}
