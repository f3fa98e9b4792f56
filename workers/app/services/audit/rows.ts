import { and, desc, eq, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { auditBody, auditPerson } from '../../db/schema/audit.ts'
import { entries } from '../entry/rows.ts'
import { workspaceLog } from '../log/rows.ts'

/** The newest entries about one thing, for its own page. */
export const auditOfEntity = (db: Db, workspaceId: WorkspaceId, entityId: string, limit: number) =>
  entries(db)
    .where(and(eq(auditBody.logId, workspaceLog(workspaceId).readable), eq(auditBody.entityId, entityId)))
    .orderBy(desc(auditBody.seq))
    .limit(limit)

/** Everybody whose name the log has, members and former ones, for the filter of its page. */
export const peopleOfLog = (db: Db, workspaceId: WorkspaceId, limit: number) =>
  db
    .select({
      userId: auditPerson.userId,
      name: sql<string | null>`max(json_extract(${auditPerson.json}, '$.name'))`.as('name'),
    })
    .from(auditPerson)
    .where(eq(auditPerson.logId, workspaceLog(workspaceId).readable))
    .groupBy(auditPerson.userId)
    .limit(limit)
