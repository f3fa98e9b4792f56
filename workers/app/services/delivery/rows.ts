import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { incident } from '../../db/schema/incident.ts'
import { integration } from '../../db/schema/integration.ts'
import { delivery } from '../../db/schema/outbox.ts'

export type DeliveryRow = typeof delivery.$inferSelect

export const deliveryById = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db
    .select()
    .from(delivery)
    .where(and(eq(delivery.workspaceId, workspaceId), eq(delivery.id, id)))

/** The newest messages about one monitor. */
export const deliveriesOfMonitor = (db: Db, workspaceId: WorkspaceId, monitorId: string, limit: number) =>
  db
    .select()
    .from(delivery)
    .where(and(eq(delivery.workspaceId, workspaceId), eq(delivery.monitorId, monitorId)))
    .orderBy(desc(delivery.createdAt))
    .limit(limit)

/** All messages about one incident. By way of its monitor, which the index is made for. */
export const deliveriesOfIncident = (db: Db, workspaceId: WorkspaceId, incidentId: string, limit: number) =>
  db
    .select()
    .from(delivery)
    .where(
      and(
        eq(delivery.workspaceId, workspaceId),
        eq(delivery.incidentId, incidentId),
        eq(
          delivery.monitorId,
          db
            .select({ monitorId: incident.monitorId })
            .from(incident)
            .where(and(eq(incident.workspaceId, workspaceId), eq(incident.id, incidentId))),
        ),
      ),
    )
    .orderBy(desc(delivery.createdAt))
    .limit(limit)

/** The newest message to each integration that there is. */
export function lastDeliveries(db: Db, workspaceId: WorkspaceId) {
  const other = alias(delivery, 'other')
  const newest = db
    .select({ id: other.id })
    .from(other)
    .where(and(eq(other.workspaceId, workspaceId), eq(other.integrationId, integration.id)))
    .orderBy(desc(other.createdAt))
    .limit(1)
  return db
    .select(getTableColumns(delivery))
    .from(integration)
    .innerJoin(delivery, and(eq(delivery.workspaceId, integration.workspaceId), eq(delivery.id, newest)))
    .where(eq(integration.workspaceId, workspaceId))
}

/** Notes what the receiver said. A message that was delivered stays delivered. */
export const noteDelivery = (db: Db, workspaceId: WorkspaceId, row: Omit<DeliveryRow, 'workspaceId'>) =>
  db
    .insert(delivery)
    .values({ ...row, workspaceId })
    .onConflictDoUpdate({
      target: [delivery.workspaceId, delivery.id],
      set: {
        status: row.status,
        attempts: row.attempts,
        message: row.message,
        deliveredAt: row.deliveredAt,
      },
      setWhere: sql`${delivery.status} <> 'delivered'`,
    })
