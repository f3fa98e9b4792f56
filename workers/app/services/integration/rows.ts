import { and, asc, count, desc, eq, type Placeholder } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { olderThan } from '../../db/keyset.ts'
import { preparedById, preparedOf, preparedSet } from '../../db/prepared.ts'
import { integration } from '../../db/schema/integration.ts'
import { monitorIntegration } from '../../db/schema/monitor.ts'

export type IntegrationRow = typeof integration.$inferSelect

const byId = (workspaceId: WorkspaceId | Placeholder, id: string | Placeholder) =>
  and(eq(integration.workspaceId, workspaceId), eq(integration.id, id))

export const integrationById = preparedById((db, workspaceId, id) =>
  db.select().from(integration).where(byId(workspaceId, id)),
)

/** Which monitors tell an integration. */
export const monitorsOfIntegration = (db: Db, workspaceId: WorkspaceId, integrationId: string) =>
  db
    .select({ monitorId: monitorIntegration.monitorId })
    .from(monitorIntegration)
    .where(and(eq(monitorIntegration.workspaceId, workspaceId), eq(monitorIntegration.integrationId, integrationId)))
    .orderBy(asc(monitorIntegration.monitorId))

/** Newest first. */
export const integrationPage = (
  db: Db,
  workspaceId: WorkspaceId,
  after: { at: number; id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(integration)
    .where(and(eq(integration.workspaceId, workspaceId), olderThan(integration.createdAt, integration.id, after)))
    .orderBy(desc(integration.createdAt), desc(integration.id))
    .limit(limit)

export const countIntegrations = preparedOf((db, workspaceId) =>
  db.select({ count: count() }).from(integration).where(eq(integration.workspaceId, workspaceId)),
)

export const insertIntegration = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof integration.$inferInsert, 'workspaceId'>,
) => db.insert(integration).values({ ...row, workspaceId })

const set = preparedSet(integration, byId)
export const setIntegration = (
  db: Db,
  workspaceId: WorkspaceId,
  id: string,
  values: Partial<Omit<IntegrationRow, 'workspaceId' | 'id'>>,
) => set(db, workspaceId, id, values)

export const deleteIntegrationRow = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db.delete(integration).where(byId(workspaceId, id))

export const deleteLinksOfIntegration = (db: Db, workspaceId: WorkspaceId, integrationId: string) =>
  db
    .delete(monitorIntegration)
    .where(and(eq(monitorIntegration.workspaceId, workspaceId), eq(monitorIntegration.integrationId, integrationId)))
