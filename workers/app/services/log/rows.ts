import { and, count, desc, eq, gte, lt, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { SQLiteSelect } from 'drizzle-orm/sqlite-core'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import { hex } from '../../crypto/bytes.ts'
import type { Db } from '../../db/client.ts'
import { type Placeholders, prepared } from '../../db/prepared.ts'
import { apiKey } from '../../db/schema/api-key.ts'
import { auditBody, auditLog, auditPerson } from '../../db/schema/audit.ts'
import { session } from '../../db/schema/session.ts'
import { workspace } from '../../db/schema/workspace.ts'
import { userOf } from '../account/rows.ts'
import type { Credential } from '../context.ts'

// What a log is written and proved by. A log is of a workspace or of an account, so these functions take its id
// (test/architecture.test.ts lists this file).

/** For what is computed and not read from a table. */
export const ONE_ROW = sql`(SELECT 1)`

/** The id of a log, or the expression that finds it. */
export type LogId = string | SQL

/** A log to be read: its id, and that id once more, or NULL where its entries may not be read. */
export interface LogKey {
  id: LogId
  /** What entries are looked up by. As a condition of its own it would be asked of every row that is read. */
  readable: LogId
}

/** Entries of a workspace's log are read on a plan that browses it; on another, none is. */
export const workspaceLog = (workspaceId: WorkspaceId): LogKey => ({
  id: workspaceId,
  readable: sql`(SELECT ${workspace.workspaceId} FROM ${workspace} WHERE ${workspace.workspaceId} = ${workspaceId} AND ${workspace.plan} = 'pro')`,
})

/** The log of whoever is behind a session. It is all theirs. */
export const logOfSession = (hash: string): LogKey => {
  const id = userOf(hash)
  return { id, readable: id }
}

/** A log that is read by somebody who was confirmed before. */
export const logById = (id: string): LogKey => ({ id, readable: id })

/** The first entry at or after a moment, by halving: some twenty rows of a million. Pruned entries count as older. */
export const seqAt = (logId: LogId, at: number) => sql`(
  WITH RECURSIVE half (low, high) AS (
    SELECT 0, coalesce((SELECT max(seq) + 1 FROM ${auditLog} WHERE log_id = ${logId}), 0)
    UNION ALL
    SELECT
      CASE WHEN (SELECT at FROM ${auditBody} WHERE log_id = ${logId} AND seq = (low + high) / 2) >= ${at} THEN low ELSE (low + high) / 2 + 1 END,
      CASE WHEN (SELECT at FROM ${auditBody} WHERE log_id = ${logId} AND seq = (low + high) / 2) >= ${at} THEN (low + high) / 2 ELSE high END
    FROM half WHERE low < high
  )
  SELECT low FROM half WHERE low >= high
)`

export const headOf = (logId: LogId) => sql`coalesce((SELECT max(seq) + 1 FROM ${auditLog} WHERE log_id = ${logId}), 0)`

/** The end of a log: its newest row. */
export interface LogEnd {
  seq: number
  range: Uint8Array
}

/** A condition: a log has this row. In a batch that opens an entry at its head, it is the newest one before. */
export const endsLike = ({ endLog, endSeq, endRange }: Placeholders<ReturnType<typeof endValues>>): SQL =>
  sql`(SELECT range FROM ${auditLog} WHERE log_id = ${endLog} AND seq = ${endSeq}) = unhex(${endRange})`
export const endValues = (logId: string, { seq, range }: LogEnd) => ({
  endLog: logId,
  endSeq: seq,
  endRange: hex(range),
})

const head = prepared<{ logId: string }, ReturnType<typeof buildHead>>(['logId'], buildHead)
function buildHead(db: Db, { logId }: { logId: Placeholder | SQL }) {
  return db
    .select({ seq: auditLog.seq, range: auditLog.range, mac: auditLog.mac, at: auditBody.at })
    .from(auditLog)
    .leftJoin(auditBody, and(eq(auditBody.logId, auditLog.logId), eq(auditBody.seq, auditLog.seq)))
    .where(eq(auditLog.logId, logId))
    .orderBy(desc(auditLog.seq))
    .limit(1)
}

/** The newest entry of a log: its head, and when it was made. */
export const auditHead = (db: Db, logId: LogId) =>
  typeof logId === 'string' ? head(db, { logId }) : buildHead(db, { logId })

/** The salt that a log has for the personal fields of a person. */
export const saltOf = (db: Db, logId: string, userId: string) =>
  db
    .select({ salt: auditPerson.salt })
    .from(auditPerson)
    .where(and(eq(auditPerson.logId, logId), eq(auditPerson.userId, userId)))
    .limit(1)

const salt = (db: Db, logId: Placeholder, userId: ReturnType<typeof sql>) =>
  db
    .select({ salt: auditPerson.salt })
    .from(auditPerson)
    .where(and(eq(auditPerson.logId, logId), eq(auditPerson.userId, userId)))
    .limit(1)
type SaltQuery = ReturnType<typeof salt>

const saltBySession = prepared<{ logId: string; hash: string }, SaltQuery>(['logId', 'hash'], (db, { logId, hash }) =>
  salt(db, logId, sql`(SELECT ${session.userId} FROM ${session} WHERE ${session.hash} = ${hash})`),
)
const saltByKey = prepared<{ logId: string; keyId: string }, SaltQuery>(['logId', 'keyId'], (db, { logId, keyId }) =>
  salt(
    db,
    logId,
    sql`(SELECT coalesce(${apiKey.handedTo}, ${apiKey.createdBy}) FROM ${apiKey} WHERE ${apiKey.workspaceId} = ${logId} AND ${apiKey.id} = ${keyId})`,
  ),
)

/** The salt that a workspace's log has for whoever is behind a credential. */
export function personSalt(db: Db, logId: string, credential: Credential): SaltQuery {
  if (credential.type === 'session' || credential.type === 'founder' || credential.type === 'invited')
    return saltBySession(db, { logId, hash: credential.hash })
  if (credential.type === 'api_key') return saltByKey(db, { logId, keyId: credential.keyId })
  return saltOf(db, logId, credential.type === 'sign_in' ? credential.userId : '') as unknown as SaltQuery
}

const entryByKey = prepared<{ logId: string; key: string }, ReturnType<typeof buildEntryByKey>>(
  ['logId', 'key'],
  buildEntryByKey,
)
function buildEntryByKey(db: Db, { logId, key }: { logId: Placeholder; key: Placeholder }) {
  return db
    .select({ leaf: auditBody.leaf })
    .from(auditBody)
    .where(and(eq(auditBody.logId, logId), eq(auditBody.idempotencyKey, key)))
}

/** The entry that was made under an idempotency key. */
export const auditByIdempotencyKey = (db: Db, logId: string, key: string) => entryByKey(db, { logId, key })

/** The personal fields that an entry commits to, while they are kept. */
export const personOfEntry = and(
  eq(auditPerson.logId, auditBody.logId),
  eq(auditPerson.userId, auditBody.userId),
  eq(auditPerson.commitment, auditBody.person),
)

/** Joins a selection of a log's tree with the text and the personal fields of each entry, while they are kept. */
export const withTexts = <Selection extends SQLiteSelect>(tree: Selection) =>
  tree
    .leftJoin(auditBody, and(eq(auditBody.logId, auditLog.logId), eq(auditBody.seq, auditLog.seq)))
    .leftJoin(auditPerson, personOfEntry)

/** A run of a log as its own check reads it, oldest first. */
export const treeFrom = (db: Db, logId: string, from: number, limit: number) =>
  withTexts(
    db
      .select({
        seq: auditLog.seq,
        leafHash: auditLog.leafHash,
        range: auditLog.range,
        leaf: auditBody.leaf,
        salt: auditPerson.salt,
        json: auditPerson.json,
      })
      .from(auditLog)
      .$dynamic(),
  )
    .where(and(eq(auditLog.logId, logId), gte(auditLog.seq, from)))
    .orderBy(auditLog.seq)
    .limit(limit)

/** Rows of the tree by their leaves: two bound parameters, however many. */
export const treeRows = (db: Db, logId: LogId, seqs: number[]) =>
  db
    .select({ seq: auditLog.seq, leafHash: auditLog.leafHash, range: auditLog.range })
    .from(auditLog)
    .where(
      and(eq(auditLog.logId, logId), sql`${auditLog.seq} IN (SELECT value FROM json_each(${JSON.stringify(seqs)}))`),
    )

/** The newest entry that took a workspace from a plan to a smaller one; 0 when there is none, or none is kept. */
const downgradeOf = (workspaceId: WorkspaceId) =>
  sql`coalesce((SELECT seq FROM ${auditBody} WHERE log_id = ${workspaceId} AND entity_id = ${workspaceId} AND action = 'workspace.set_plan' AND json_extract(leaf, '$.after.plan') = 'free' ORDER BY seq DESC LIMIT 1), 0)`

/**
 * The oldest entry whose text is kept, the first ones that each plan keeps, and the end of what was written on a larger
 * plan. Moments in Unix milliseconds.
 */
export const pruneBounds = (db: Db, workspaceId: WorkspaceId, freeSince: number, proSince: number) =>
  db
    .select({
      oldest: sql<number>`coalesce((SELECT min(seq) FROM ${auditBody} WHERE log_id = ${workspaceId}), 0)`.as('oldest'),
      free: sql<number>`${seqAt(workspaceId, freeSince)}`.as('free'),
      pro: sql<number>`${seqAt(workspaceId, proSince)}`.as('pro'),
      // Asked only where it counts: of a paying workspace it would read everything that was noted about it.
      downgrade: sql<number>`CASE WHEN ${workspace.plan} = 'free' THEN ${downgradeOf(workspaceId)} ELSE 0 END`.as(
        'downgrade',
      ),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))

/** The oldest entry whose text is kept, the first one at or after a moment, and the one that comes next. */
export const textBounds = (db: Db, logId: string, since: number) =>
  db
    .select({
      oldest: sql<number>`coalesce((SELECT min(seq) FROM ${auditBody} WHERE log_id = ${logId}), 0)`.as('oldest'),
      since: sql<number>`${seqAt(logId, since)}`.as('since'),
      head: sql<number>`${headOf(logId)}`.as('head'),
    })
    .from(ONE_ROW)

/** The compact range of a log after so many entries, at least one; null when it has no such row. */
export async function rangeAfter(db: Db, logId: string | null, size: number): Promise<Uint8Array | null> {
  const [row] = logId === null ? [] : await treeRows(db, logId, [size - 1])
  return row?.range ?? null
}

/** Refused by the database but inside an open audit_log.prune entry with this minimum. */
export const deleteBodiesBelow = (db: Db, logId: string, minimum: number) =>
  db.delete(auditBody).where(and(eq(auditBody.logId, logId), lt(auditBody.seq, minimum)))

/** Personal fields that no text commits to any more. Refused by the database but inside an open audit_log.prune entry. */
export const deletePeopleWithoutBody = (db: Db, logId: string) =>
  db
    .delete(auditPerson)
    .where(
      and(
        eq(auditPerson.logId, logId),
        sql`${auditPerson.commitment} NOT IN (SELECT person FROM ${auditBody} WHERE log_id = ${logId} AND person IS NOT NULL)`,
      ),
    )

export const personRows = (db: Db, logId: string, userId: string) =>
  db
    .select({ count: count() })
    .from(auditPerson)
    .where(and(eq(auditPerson.logId, logId), eq(auditPerson.userId, userId)))

/** Refused by the database but inside an open person.erase entry of this person. */
export const deletePerson = (db: Db, logId: string, userId: string) =>
  db.delete(auditPerson).where(and(eq(auditPerson.logId, logId), eq(auditPerson.userId, userId)))
