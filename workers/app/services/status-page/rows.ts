import { and, asc, count, desc, eq, type Placeholder } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { olderThan } from '../../db/keyset.ts'
import { preparedById, preparedOf, preparedSet } from '../../db/prepared.ts'
import { statusPage, statusPageMonitor } from '../../db/schema/status-page.ts'

export type StatusPageRow = typeof statusPage.$inferSelect

const byId = (workspaceId: WorkspaceId | Placeholder, id: string | Placeholder) =>
  and(eq(statusPage.workspaceId, workspaceId), eq(statusPage.id, id))

export const statusPageById = preparedById((db, workspaceId, id) =>
  db.select().from(statusPage).where(byId(workspaceId, id)),
)

/** Newest first. */
export const statusPagePage = (
  db: Db,
  workspaceId: WorkspaceId,
  after: { at: number; id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(statusPage)
    .where(and(eq(statusPage.workspaceId, workspaceId), olderThan(statusPage.createdAt, statusPage.id, after)))
    .orderBy(desc(statusPage.createdAt), desc(statusPage.id))
    .limit(limit)

export const countStatusPages = preparedOf((db, workspaceId) =>
  db.select({ count: count() }).from(statusPage).where(eq(statusPage.workspaceId, workspaceId)),
)

/** Monitors of one page, or of all pages, in the order shown. */
export const placesOf = (db: Db, workspaceId: WorkspaceId, statusPageId?: string) =>
  db
    .select({ statusPageId: statusPageMonitor.statusPageId, monitorId: statusPageMonitor.monitorId })
    .from(statusPageMonitor)
    .where(
      and(
        eq(statusPageMonitor.workspaceId, workspaceId),
        statusPageId === undefined ? undefined : eq(statusPageMonitor.statusPageId, statusPageId),
      ),
    )
    .orderBy(asc(statusPageMonitor.position))

export const insertStatusPage = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof statusPage.$inferInsert, 'workspaceId'>,
) => db.insert(statusPage).values({ ...row, workspaceId })

const set = preparedSet(statusPage, byId)
export const setStatusPage = (
  db: Db,
  workspaceId: WorkspaceId,
  id: string,
  values: Partial<Omit<StatusPageRow, 'workspaceId' | 'id'>>,
) => set(db, workspaceId, id, values)

export const deleteStatusPageRow = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db.delete(statusPage).where(byId(workspaceId, id))

export const insertPlaces = (
  db: Db,
  workspaceId: WorkspaceId,
  statusPageId: string,
  places: { monitorId: string; position: number }[],
) => db.insert(statusPageMonitor).values(places.map((place) => ({ workspaceId, statusPageId, ...place })))

export const deletePlaces = (db: Db, workspaceId: WorkspaceId, statusPageId: string) =>
  db
    .delete(statusPageMonitor)
    .where(and(eq(statusPageMonitor.workspaceId, workspaceId), eq(statusPageMonitor.statusPageId, statusPageId)))
