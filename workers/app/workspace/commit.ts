import { sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { hex } from '../crypto/bytes.ts'
import type { Db } from '../db/client.ts'
import { type Condition, prepared, preparedIf } from '../db/prepared.ts'
import { auditBody, auditLog, auditPerson } from '../db/schema/audit.ts'
import { type Effect, outbox } from '../db/schema/outbox.ts'
import type { Statement, Write } from '../services/mutation.ts'
import type { Entry, PersonRow } from './entry.ts'

/**
 * Aborts the whole batch when the statement before it touched another number of rows: malformed JSON is an error.
 * The number is no bound parameter, because Drizzle cannot send a raw statement that has one in a batch.
 */
const touched = (db: Db, rows: number): Statement =>
  db.get(sql`SELECT CASE WHEN changes() = ${sql.raw(String(rows))} THEN 1 ELSE json('not the rows that were read') END`)

const checked = (db: Db, { statement, rows }: Write): Statement[] =>
  rows === 'any' ? [statement] : [statement, touched(db, rows)]

const outboxRow = (db: Db, row: Change['effects'][number]) => db.insert(outbox).values(row)

/** An interface's fields, as values by name. */
type Fields<T> = { [Name in keyof T]: T[Name] }

type Opening = Pick<Entry, 'logId' | 'seq' | 'leaf'>
const openEntry = prepared<Opening, Statement>(['logId', 'seq', 'leaf'], (db, values) =>
  db.insert(auditBody).values(values),
)
/** Aborts the whole batch unless something holds. */
const openEntryIf = preparedIf<Opening, Statement>(['logId', 'seq', 'leaf'], (db, { logId, seq, leaf }, holds) =>
  db.insert(auditBody).values({
    logId,
    seq,
    leaf: sql`CASE WHEN ${holds} THEN ${leaf} ELSE json('not what was read before') END`,
  }),
)
const noteRow = prepared<{ logId: string } & Fields<PersonRow>, Statement>(
  ['logId', 'userId', 'commitment', 'salt', 'json'],
  (db, values) => db.insert(auditPerson).values(values).onConflictDoNothing(),
)
/**
 * Aborts the whole batch when the statement before it touched another number of rows than `touched`, as `touched()` does;
 * null: any. Bytes go as hexadecimal: D1's binding would send each as a list of numbers.
 */
const closeEntry = prepared<
  { logId: string; seq: number; leafHash: string; range: string; mac: string; touched: number | null },
  Statement
>(['logId', 'seq', 'leafHash', 'range', 'mac', 'touched'], (db, { logId, seq, leafHash, range, mac, touched }) =>
  db.insert(auditLog).values({
    logId,
    seq,
    leafHash: sql`CASE WHEN changes() = coalesce(${touched}, changes()) THEN unhex(${leafHash}) ELSE json('not the rows that were read') END`,
    range: sql`unhex(${range})`,
    mac: sql`unhex(${mac})`,
  }),
)

/** One change: its entry, its writes, and what has to happen because of it. */
export interface Change {
  entry: Entry
  writes: Write[]
  /** Only workspaces have an outbox. */
  effects: { workspaceId: WorkspaceId; id: string; effect: Effect }[]
}

/**
 * The statements of one change, for a D1 batch: the entry opens, if `holds`; the writes pass the gates while it stands at
 * the head of the log; the log row closes it, with the MAC of the head that it makes (head-mac.ts); the effects are noted.
 * Several changes are these, one after the other. All of them are stored, or none.
 */
export function commitStatements(
  db: Db,
  { entry, writes, effects }: Change,
  mac: Uint8Array,
  holds?: Condition,
): Statement[] {
  const { logId, seq, leaf, leafHash, head, person } = entry
  const opening = { logId, seq, leaf }
  // The row of the log sees to the write before it: a statement less.
  const last = person ? undefined : writes.at(-1)
  const touched = last === undefined || last.rows === 'any' ? null : last.rows
  const [hash, range] = [hex(leafHash), hex(head.range)]
  return [
    holds ? openEntryIf(db, opening, holds) : openEntry(db, opening),
    ...writes.flatMap((write) => (write === last ? [write.statement] : checked(db, write))),
    ...(person ? [noteRow(db, { logId, ...person })] : []),
    closeEntry(db, { logId, seq, leafHash: hash, range, mac: hex(mac), touched }),
    ...effects.map((row) => outboxRow(db, row)),
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
  if (cause.includes('session is taken'))
    return new AppError('bad_request', 'This sign-in has been used already. Sign in again.')
  if (cause.includes('user.email'))
    return new AppError(
      'conflict',
      'There is an account with this e-mail address already. Sign in the way you did before.',
    )
  if (/UNIQUE|malformed JSON|FOREIGN KEY/.test(cause))
    return new AppError('conflict', 'Somebody changed this at the same moment. Look at it again and repeat.')
  console.error(JSON.stringify({ event: 'commit.failed', cause: cause.slice(0, 500) }))
  return new AppError(
    'unavailable',
    'This could not be stored just now. Nothing was changed, or a retry will find it. Try again.',
  )
}
