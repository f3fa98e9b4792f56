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
  /**
   * Tries that are on their way, and until when that is believed. A try that failed is over, whatever its lease says: the
   * next one has another number. In memory: after a restart they are sent again.
   */
  const leases = new Map<string, number>()
  const tryOf = ({ id, attempts }: { id: string; attempts: number }) => `${id} ${attempts}`
  let last: Promise<unknown> = Promise.resolve()

  async function drain(workspaceId: WorkspaceId, now: number): Promise<number | null> {
    const rows = await db
      .select()
      .from(outbox)
      .where(eq(outbox.workspaceId, workspaceId))
      .orderBy(asc(outbox.dueAt))
      .limit(BATCH)
    const there = new Set(rows.map(tryOf))
    for (const [one, until] of leases) if (!there.has(one) || until <= now) leases.delete(one)
    const due = rows.filter((row) => row.dueAt <= now && !leases.has(tryOf(row)))
    if (due.length > 0)
      await env.OUTBOX.sendBatch(
        due.map(({ id, effect, attempts }) => ({ body: { workspaceId, id, effect, attempt: attempts + 1 } })),
      )
    for (const row of due) leases.set(tryOf(row), now + LEASE_MS)
    const times = rows.map((row) => (row.dueAt > now ? row.dueAt : (leases.get(tryOf(row)) ?? now)))
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
