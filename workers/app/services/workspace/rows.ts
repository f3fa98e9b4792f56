import { desc, eq, type Placeholder } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
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
