import { sessionId } from '../../../shared/contracts/account.ts'
import type { Db } from '../db/client.ts'
import { deleteSession, endSession } from '../services/account/rows.ts'
import { type Statement, write } from '../services/mutation.ts'
import { commitError } from '../workspace/commit.ts'
import type { AccountRequest } from './request.ts'
import type { Deed } from './verb.ts'

/** A session that ended while the log took no entry. */
export interface Unrecorded {
  action: 'session.delete' | 'session.revoke'
  sessionId: string
  requestId: string
  /** Unix milliseconds. */
  at: number
}

/** Ends that are made up for in one batch with something else. */
const LATE_AT_ONCE = 20
/** More than these, and the oldest are only in Candor's own log. */
const MAX_KEPT = 200

/** What was done to sessions and has no entry yet, in the object's own storage. */
export function keepUnrecorded(storage: DurableObjectStorage) {
  const list = () => storage.kv.get<Unrecorded[]>('unrecorded') ?? []
  const put = (all: Unrecorded[]) => storage.kv.put('unrecorded', all.slice(-MAX_KEPT))
  return {
    list,
    add: (some: Unrecorded[]) => put([...list(), ...some]),
    /** Those of these sessions stay, and no others. */
    keepOnly(sessionIds: string[]): void {
      const all = list()
      const kept = all.filter(({ sessionId }) => sessionIds.includes(sessionId))
      if (kept.length !== all.length) put(kept)
    },
  }
}

export type UnrecordedKeeper = ReturnType<typeof keepUnrecorded>

/**
 * Ends sessions where no entry can be made of it. Noted before the batch is sent: what ends is known, whatever becomes of
 * this object in between.
 */
export async function endWithoutEntry(
  db: Db,
  unrecorded: UnrecordedKeeper,
  { userId, requestId, now }: AccountRequest,
  ends: { hash: string; action: Deed['action'] }[],
): Promise<void> {
  const notes = ends.map(({ hash, action }): Unrecorded => {
    const what = action === 'session.delete' ? action : 'session.revoke'
    return { action: what, sessionId: sessionId(hash), requestId, at: now }
  })
  unrecorded.add(notes)
  for (const note of notes) console.error(JSON.stringify({ event: 'account.unrecorded', userId, ...note }))
  const statements: Statement[] = ends.map(({ hash }) => endSession(db, userId, hash))
  try {
    await db.batch(statements as [Statement, ...Statement[]])
  } catch (error) {
    throw commitError(error)
  }
}

/** The entries of sessions that were ended without one, once the log takes entries again. `ended`: their hashes. */
export function lateDeeds(db: Db, unrecorded: UnrecordedKeeper, userId: string, ended: string[]): Deed[] {
  const hashes = new Map(ended.map((hash) => [sessionId(hash), hash]))
  // The client of the change that comes with it is not the one of then.
  const actor = { type: 'user' as const, id: userId }
  const late = unrecorded.list().flatMap(({ action, sessionId, requestId, at }): Deed[] => {
    const hash = hashes.get(sessionId)
    if (hash === undefined) return []
    hashes.delete(sessionId)
    const after = { endedAt: new Date(at).toISOString() }
    const subject = { requestId, actor, userId, person: null }
    return [
      { action, entityId: sessionId, before: null, after, writes: [write(deleteSession(db, userId, hash))], subject },
    ]
  })
  return late.slice(0, LATE_AT_ONCE)
}
