import { and, asc, count, desc, eq, type Placeholder } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import { among } from '../../db/among.ts'
import type { Db } from '../../db/client.ts'
import { olderThan } from '../../db/keyset.ts'
import { preparedById, preparedOf, preparedSet } from '../../db/prepared.ts'
import { integration } from '../../db/schema/integration.ts'
import { monitor, monitorIntegration } from '../../db/schema/monitor.ts'
import { statusPageMonitor } from '../../db/schema/status-page.ts'

export type MonitorRow = typeof monitor.$inferSelect

const byId = (workspaceId: WorkspaceId | Placeholder, id: string | Placeholder) =>
  and(eq(monitor.workspaceId, workspaceId), eq(monitor.id, id))

export const monitorById = preparedById((db, workspaceId, id) => db.select().from(monitor).where(byId(workspaceId, id)))

/** Newest first. */
export const monitorPage = (
  db: Db,
  workspaceId: WorkspaceId,
  after: { at: number; id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(monitor)
    .where(and(eq(monitor.workspaceId, workspaceId), olderThan(monitor.createdAt, monitor.id, after)))
    .orderBy(desc(monitor.createdAt), desc(monitor.id))
    .limit(limit)

export const countMonitors = preparedOf((db, workspaceId) =>
  db.select({ count: count() }).from(monitor).where(eq(monitor.workspaceId, workspaceId)),
)

/** Those that are not paused. */
export const runningMonitors = (db: Db, workspaceId: WorkspaceId) =>
  db
    .select({ id: monitor.id })
    .from(monitor)
    .where(and(eq(monitor.workspaceId, workspaceId), eq(monitor.active, true)))
    .orderBy(asc(monitor.id))

/** Which of these ids are monitors of the workspace. */
export const monitorIdsAmong = (db: Db, workspaceId: WorkspaceId, ids: string[]) =>
  db
    .select({ id: monitor.id })
    .from(monitor)
    .where(and(eq(monitor.workspaceId, workspaceId), among(monitor.id, ids)))

/** Which integrations hear of a monitor. */
export const linksOfMonitor = preparedById((db, workspaceId, monitorId) =>
  db
    .select({ monitorId: monitorIntegration.monitorId, integrationId: monitorIntegration.integrationId })
    .from(monitorIntegration)
    .where(and(eq(monitorIntegration.workspaceId, workspaceId), eq(monitorIntegration.monitorId, monitorId)))
    .orderBy(asc(monitorIntegration.integrationId)),
)

export const linksOfWorkspace = (db: Db, workspaceId: WorkspaceId) =>
  db
    .select({ monitorId: monitorIntegration.monitorId, integrationId: monitorIntegration.integrationId })
    .from(monitorIntegration)
    .where(eq(monitorIntegration.workspaceId, workspaceId))

/** On which pages a monitor is. */
export const pagesOfMonitor = (db: Db, workspaceId: WorkspaceId, monitorId: string) =>
  db
    .select({ statusPageId: statusPageMonitor.statusPageId })
    .from(statusPageMonitor)
    .where(and(eq(statusPageMonitor.workspaceId, workspaceId), eq(statusPageMonitor.monitorId, monitorId)))
    .orderBy(asc(statusPageMonitor.statusPageId))

/** Which of these ids are integrations of the workspace. */
export const integrationIdsAmong = (db: Db, workspaceId: WorkspaceId, ids: string[]) =>
  db
    .select({ id: integration.id })
    .from(integration)
    .where(and(eq(integration.workspaceId, workspaceId), among(integration.id, ids)))

export const insertMonitor = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof monitor.$inferInsert, 'workspaceId'>,
) => db.insert(monitor).values({ ...row, workspaceId })

const set = preparedSet(monitor, byId)
export const setMonitor = (
  db: Db,
  workspaceId: WorkspaceId,
  id: string,
  values: Partial<Omit<MonitorRow, 'workspaceId' | 'id'>>,
) => set(db, workspaceId, id, values)

export const deleteMonitorRow = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db.delete(monitor).where(byId(workspaceId, id))

export const insertLinks = (db: Db, workspaceId: WorkspaceId, monitorId: string, integrationIds: string[]) =>
  db
    .insert(monitorIntegration)
    .values(integrationIds.map((integrationId) => ({ workspaceId, monitorId, integrationId })))

export const deleteLinks = (db: Db, workspaceId: WorkspaceId, monitorId: string) =>
  db
    .delete(monitorIntegration)
    .where(and(eq(monitorIntegration.workspaceId, workspaceId), eq(monitorIntegration.monitorId, monitorId)))

export const deleteFromPages = (db: Db, workspaceId: WorkspaceId, monitorId: string) =>
  db
    .delete(statusPageMonitor)
    .where(and(eq(statusPageMonitor.workspaceId, workspaceId), eq(statusPageMonitor.monitorId, monitorId)))
