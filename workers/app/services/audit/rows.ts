import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { ListAuditLogs } from '../../../../shared/contracts/audit.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { auditBody, auditLog, auditPerson } from '../../db/schema/audit.ts'
import { workspace } from '../../db/schema/workspace.ts'

const columns = { leaf: auditBody.leaf, leafHash: auditLog.leafHash, person: auditPerson.json, seq: auditBody.seq }

const entries = (db: Db) =>
  db
    .select(columns)
    .from(auditBody)
    .innerJoin(auditLog, and(eq(auditLog.logId, auditBody.logId), eq(auditLog.seq, auditBody.seq)))
    .leftJoin(auditPerson, and(eq(auditPerson.logId, auditBody.logId), eq(auditPerson.seq, auditBody.seq)))

/** True on a plan that browses the log. An uncorrelated subquery: it is answered before the first entry is read. */
const onPro = (workspaceId: WorkspaceId) =>
  sql`(SELECT ${workspace.plan} FROM ${workspace} WHERE ${workspace.workspaceId} = ${workspaceId}) = 'pro'`

/** Entries, newest first, on a plan that browses them; otherwise none, and none is read. */
export const auditPage = (
  db: Db,
  workspaceId: WorkspaceId,
  filter: Omit<ListAuditLogs, 'cursor'>,
  before: number | null,
) =>
  entries(db)
    .where(
      and(
        eq(auditBody.logId, workspaceId),
        onPro(workspaceId),
        before === null ? undefined : lt(auditBody.seq, before),
        filter.actor === undefined ? undefined : sql`${filter.actor} IN (${auditBody.actorId}, ${auditBody.userId})`,
        filter.action === undefined ? undefined : eq(auditBody.action, filter.action),
        filter.surface === undefined ? undefined : eq(auditBody.surface, filter.surface),
        filter.entity === undefined
          ? undefined
          : sql`${filter.entity} IN (${auditBody.entityId}, ${auditBody.entityType})`,
      ),
    )
    .orderBy(desc(auditBody.seq))
    .limit(filter.limit + 1)

/** The newest entries about one thing, for its own page. */
export const auditOfEntity = (db: Db, workspaceId: WorkspaceId, entityId: string, limit: number) =>
  entries(db)
    .where(and(eq(auditBody.logId, workspaceId), onPro(workspaceId), eq(auditBody.entityId, entityId)))
    .orderBy(desc(auditBody.seq))
    .limit(limit)

/** The newest entry of a log: its head. */
export const auditHead = (db: Db, workspaceId: WorkspaceId) =>
  db.select().from(auditLog).where(eq(auditLog.logId, workspaceId)).orderBy(desc(auditLog.seq)).limit(1)

export const auditByIdempotencyKey = (db: Db, workspaceId: WorkspaceId, key: string) =>
  db
    .select({ leaf: auditBody.leaf })
    .from(auditBody)
    .where(and(eq(auditBody.logId, workspaceId), eq(auditBody.idempotencyKey, key)))
