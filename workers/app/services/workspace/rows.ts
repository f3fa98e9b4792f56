import { desc, eq, getTableColumns, type Placeholder, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Plan } from '../../../../shared/contracts/common.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
import { apiKey, apiKeyUse } from '../../db/schema/api-key.ts'
import { auditBody, auditLog } from '../../db/schema/audit.ts'
import { integration } from '../../db/schema/integration.ts'
import { invitation } from '../../db/schema/invitation.ts'
import { membership } from '../../db/schema/membership.ts'
import { monitor } from '../../db/schema/monitor.ts'
import { statusPage } from '../../db/schema/status-page.ts'
import { identity } from '../../db/schema/user.ts'
import { workspace, workspaceKey } from '../../db/schema/workspace.ts'

export const workspaceById = (db: Db, workspaceId: WorkspaceId) =>
  db.select().from(workspace).where(eq(workspace.workspaceId, workspaceId))

const keys = prepared<{ workspaceId: WorkspaceId }, ReturnType<typeof buildKeys>>(['workspaceId'], buildKeys)
function buildKeys(db: Db, { workspaceId }: { workspaceId: Placeholder }) {
  return db
    .select({ epoch: workspaceKey.epoch, salt: workspaceKey.salt })
    .from(workspaceKey)
    .where(eq(workspaceKey.workspaceId, workspaceId))
    .orderBy(desc(workspaceKey.epoch))
}

/** Salts of the key epochs, newest first. */
export const workspaceKeys = (db: Db, workspaceId: WorkspaceId) => keys(db, { workspaceId })

export const insertWorkspace = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof workspace.$inferInsert, 'workspaceId'>,
) => db.insert(workspace).values({ ...row, workspaceId })

export const insertWorkspaceKey = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof workspaceKey.$inferInsert, 'workspaceId'>,
) => db.insert(workspaceKey).values({ ...row, workspaceId })

export const setWorkspaceName = (
  db: Db,
  workspaceId: WorkspaceId,
  names: Pick<typeof workspace.$inferSelect, 'name' | 'slug'>,
) => db.update(workspace).set(names).where(eq(workspace.workspaceId, workspaceId))

/** What its owner was told of a pause was told of another plan. */
export const setWorkspacePlan = (db: Db, workspaceId: WorkspaceId, plan: Plan) =>
  db
    .update(workspace)
    .set({ plan, pauseToldAt: null, pauseRemindedAt: null })
    .where(eq(workspace.workspaceId, workspaceId))

/** Moments in Unix milliseconds. */
export const setWorkspacePause = (
  db: Db,
  workspaceId: WorkspaceId,
  told: Pick<typeof workspace.$inferSelect, 'pauseToldAt' | 'pauseRemindedAt'>,
) => db.update(workspace).set(told).where(eq(workspace.workspaceId, workspaceId))

/** `endsAt`: Unix milliseconds, or null when the workspace is kept. */
export const setWorkspaceEnd = (db: Db, workspaceId: WorkspaceId, endsAt: number | null) =>
  db.update(workspace).set({ endsAt }).where(eq(workspace.workspaceId, workspaceId))

export const deleteWorkspaceRow = (db: Db, workspaceId: WorkspaceId) =>
  db.delete(workspace).where(eq(workspace.workspaceId, workspaceId))

/** How much there is of everything that a plan counts. Revoked and replaced keys do not count. */
export const usageOf = (db: Db, workspaceId: WorkspaceId) => {
  const counted = (name: string, table: SQLiteTable, and = sql``) =>
    sql<number>`(SELECT count(*) FROM ${table} WHERE workspace_id = ${workspaceId}${and})`.as(name)
  return db
    .select({
      monitors: counted('monitors', monitor),
      integrations: counted('integrations', integration),
      statusPages: counted('status_pages', statusPage),
      apiKeys: counted('api_keys', apiKey, sql` AND revoked_at IS NULL AND rolled_to IS NULL`),
      members:
        sql<number>`(SELECT count(*) FROM ${membership} WHERE workspace_id = ${workspaceId}) + (SELECT count(*) FROM ${invitation} WHERE workspace_id = ${workspaceId} AND accepted_at IS NULL)`.as(
          'members',
        ),
      shortestInterval: sql<
        number | null
      >`(SELECT min(interval_seconds) FROM ${monitor} WHERE workspace_id = ${workspaceId})`.as('shortest_interval'),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))
}

/** Entries that are looked through for one by a person or a key. */
const NEWEST = 1000

/** How a workspace is used (shared/domain/idle.ts), with all that its row says. */
export const idlenessOf = (db: Db, workspaceId: WorkspaceId) =>
  db
    .select({
      ...getTableColumns(workspace),
      lastSignInAt: sql<
        number | null
      >`(SELECT max(signed.last_used_at) FROM ${membership} AS member JOIN ${identity} AS signed ON signed.user_id = member.user_id WHERE member.workspace_id = ${workspaceId})`.as(
        'last_sign_in_at',
      ),
      // What somebody did who has left since counts as well. Only where it is asked, and among the newest: there is no index.
      lastChangeAt: sql<
        number | null
      >`CASE plan WHEN 'free' THEN (SELECT at FROM ${auditBody} AS entry WHERE entry.log_id = ${workspaceId} AND entry.user_id IS NOT NULL AND entry.seq > (SELECT max(seq) FROM ${auditLog} WHERE log_id = ${workspaceId}) - ${NEWEST} ORDER BY entry.seq DESC LIMIT 1) END`.as(
        'last_change_at',
      ),
      lastKeyUseOn: sql<
        string | null
      >`(SELECT max(last_used_on) FROM ${apiKeyUse} WHERE workspace_id = ${workspaceId})`.as('last_key_use_on'),
      running: sql<number>`(SELECT count(*) FROM ${monitor} WHERE workspace_id = ${workspaceId} AND active = 1)`.as(
        'running',
      ),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))
