import { sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { newId, type WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { auditBody, auditLog, auditPerson } from '../db/schema/audit.ts'
import { type Effect, outbox } from '../db/schema/outbox.ts'
import type { Decision, Statement, Write } from '../services/mutation.ts'
import type { Entry } from './entry.ts'

/**
 * Aborts the whole batch when the statement before it touched another number of rows: malformed JSON is an error.
 * The number is no bound parameter, because Drizzle cannot send a raw statement that has one in a batch.
 */
const touched = (db: Db, rows: number): Statement =>
  db.get(sql`SELECT CASE WHEN changes() = ${sql.raw(String(rows))} THEN 1 ELSE json('not the rows that were read') END`)

const checked = (db: Db, { statement, rows }: Write): Statement[] =>
  rows === 'any' ? [statement] : [statement, touched(db, rows)]

const outboxRow = (db: Db, workspaceId: WorkspaceId, effect: Effect) =>
  db.insert(outbox).values({ workspaceId, id: newId('outbox'), effect })

/**
 * The statements of one change, for one D1 batch: the entry opens, the writes pass the gates while it stands at the head
 * of the log, the log row closes it, and the effects are noted. All of it, or nothing.
 */
export function commitStatements(
  db: Db,
  workspaceId: WorkspaceId,
  entry: Entry,
  decision: Decision,
): [Statement, ...Statement[]] {
  const key = { logId: workspaceId, seq: entry.seq }
  return [
    db.insert(auditBody).values({ ...key, leaf: entry.leaf }),
    ...decision.writes.flatMap((write) => checked(db, write)),
    ...(entry.person ? [db.insert(auditPerson).values({ ...key, ...entry.person })] : []),
    db.insert(auditLog).values({ ...key, leafHash: entry.leafHash, range: entry.head.range }),
    ...(decision.effects ?? []).map((effect) => outboxRow(db, workspaceId, effect)),
  ]
}

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  // Drizzle's own message holds the values that were bound, secrets among them: only the database's words are used.
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** True when the database itself refused the batch, so that certainly nothing of it is stored. */
export const isRefusal = (error: unknown): boolean =>
  /SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|TOOBIG)|malformed JSON/.test(causeOf(error))

/** A failed batch in words for people. What the database said goes to the log. */
export function commitError(error: unknown): AppError {
  const cause = causeOf(error)
  if (cause.includes('slug is taken')) {
    const message = 'This address is taken. Choose another.'
    return new AppError('conflict', message, [{ field: 'slug', message }])
  }
  if (cause.includes('user.email'))
    return new AppError('conflict', 'There is an account with this e-mail already. Sign in the way you did before.')
  if (/UNIQUE|malformed JSON|FOREIGN KEY/.test(cause))
    return new AppError('conflict', 'Somebody changed this at the same moment. Look at it again and repeat.')
  console.error(JSON.stringify({ event: 'commit.failed', cause: cause.slice(0, 500) }))
  return new AppError(
    'unavailable',
    'This could not be stored just now. Nothing was changed, or a retry will find it. Try again.',
  )
}
