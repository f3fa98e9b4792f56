import { and, count, desc, eq, lt, type Placeholder, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
import { apiKey } from '../../db/schema/api-key.ts'
import { auditBody, auditLog, auditPerson } from '../../db/schema/audit.ts'
import { session } from '../../db/schema/session.ts'
import { workspace } from '../../db/schema/workspace.ts'
import type { Credential } from '../context.ts'

// What a log is written and proved by. A log is of a workspace or of an account, so these functions take its id
// (test/architecture.test.ts lists this file).

/** The first entry at or after a moment, by halving: some twenty rows of a million. Pruned entries count as older. */
export const seqAt = (logId: string, at: number) => sql`(
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

export const headOf = (logId: string) =>
  sql`coalesce((SELECT max(seq) + 1 FROM ${auditLog} WHERE log_id = ${logId}), 0)`

const head = prepared<{ logId: string }, ReturnType<typeof buildHead>>(['logId'], buildHead)
function buildHead(db: Db, { logId }: { logId: Placeholder }) {
  return db
    .select({ seq: auditLog.seq, range: auditLog.range, at: auditBody.at })
    .from(auditLog)
    .leftJoin(auditBody, and(eq(auditBody.logId, auditLog.logId), eq(auditBody.seq, auditLog.seq)))
    .where(eq(auditLog.logId, logId))
    .orderBy(desc(auditLog.seq))
    .limit(1)
}

/** The newest entry of a log: its head, and when it was made. */
export const auditHead = (db: Db, logId: string) => head(db, { logId })

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

/** Rows of the tree by their leaves: two bound parameters, however many. */
export const treeRows = (db: Db, logId: string, seqs: number[]) =>
  db
    .select({ seq: auditLog.seq, leafHash: auditLog.leafHash, range: auditLog.range })
    .from(auditLog)
    .where(
      and(eq(auditLog.logId, logId), sql`${auditLog.seq} IN (SELECT value FROM json_each(${JSON.stringify(seqs)}))`),
    )

/** The oldest entry whose text is kept, and the first ones that each plan keeps. Moments in Unix milliseconds. */
export const pruneBounds = (db: Db, workspaceId: WorkspaceId, freeSince: number, proSince: number) =>
  db
    .select({
      oldest: sql<number>`coalesce((SELECT min(seq) FROM ${auditBody} WHERE log_id = ${workspaceId}), 0)`.as('oldest'),
      free: sql<number>`${seqAt(workspaceId, freeSince)}`.as('free'),
      pro: sql<number>`${seqAt(workspaceId, proSince)}`.as('pro'),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))

/** Refused by the database but inside an open audit_log.prune entry with this minimum. */
export const deleteBodiesBelow = (db: Db, workspaceId: WorkspaceId, minimum: number) =>
  db.delete(auditBody).where(and(eq(auditBody.logId, workspaceId), lt(auditBody.seq, minimum)))

export const personRows = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db
    .select({ count: count() })
    .from(auditPerson)
    .where(and(eq(auditPerson.logId, workspaceId), eq(auditPerson.userId, userId)))

/** Refused by the database but inside an open person.erase entry of this person. */
export const deletePerson = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db.delete(auditPerson).where(and(eq(auditPerson.logId, workspaceId), eq(auditPerson.userId, userId)))
