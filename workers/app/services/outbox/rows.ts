import { and, eq, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { outbox } from '../../db/schema/outbox.ts'

/** An id as all of the outbox have it, made in a statement. */
export const NEW_OUTBOX_ID = sql<string>`'out_' || substr(hex(randomblob(6)), 1, 11)`

const byId = (workspaceId: WorkspaceId, id: string) => and(eq(outbox.workspaceId, workspaceId), eq(outbox.id, id))

/** The effect has happened, or never will. */
export const deleteEffect = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db.delete(outbox).where(byId(workspaceId, id))

/** The effect did not happen this time. `dueAt` in Unix milliseconds. */
export const postponeEffect = (db: Db, workspaceId: WorkspaceId, id: string, dueAt: number) =>
  db
    .update(outbox)
    .set({ dueAt, attempts: sql`${outbox.attempts} + 1` })
    .where(byId(workspaceId, id))
