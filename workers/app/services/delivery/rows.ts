import { and, desc, eq, getTableColumns, notExists, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { incident } from '../../db/schema/incident.ts'
import { integration } from '../../db/schema/integration.ts'
import { membership } from '../../db/schema/membership.ts'
import { delivery, type Effect, outbox } from '../../db/schema/outbox.ts'
import { user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'
import { NEW_OUTBOX_ID } from '../outbox/rows.ts'

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

/** What people have sent to try an integration: they see what comes of it. */
const TEST = 'test'

/** When the newest message arrived at an integration; 0 when none has. By its index, newest first. */
const lastArrival = (workspaceId: WorkspaceId, integrationId: string | SQL) =>
  sql<number>`coalesce((SELECT created_at FROM delivery AS arrived WHERE arrived.workspace_id = ${workspaceId} AND arrived.integration_id = ${integrationId} AND arrived.status = 'delivered' ORDER BY arrived.created_at DESC LIMIT 1), 0)`

/**
 * A mail to whoever owns the workspace, about a message that is given up: the first one since a message has arrived. In a
 * batch before the failure is noted, it so goes out once.
 */
export function tellOfFailure(
  db: Db,
  workspaceId: WorkspaceId,
  { id, integrationId, event, createdAt }: Pick<DeliveryRow, 'id' | 'integrationId' | 'event' | 'createdAt'>,
) {
  const arrival = lastArrival(workspaceId, integrationId)
  const told = db
    .select({ one: sql`1` })
    .from(delivery)
    .where(
      and(
        eq(delivery.workspaceId, workspaceId),
        eq(delivery.integrationId, integrationId),
        eq(delivery.status, 'failed'),
        sql`${delivery.event} <> ${TEST}`,
        sql`${delivery.createdAt} >= ${arrival}`,
      ),
    )
  const mail = sql<Effect>`json_object('type', 'mail', 'mail', json_object('kind', 'integration_failing', 'deliveryId', ${id}, 'userId', ${membership.userId}))`
  return db.insert(outbox).select(
    db
      .select({
        workspaceId: membership.workspaceId,
        id: NEW_OUTBOX_ID.as('outbox_id'),
        effect: mail.as('effect'),
        dueAt: sql<number>`0`.as('due_at'),
        attempts: sql<number>`0`.as('attempts'),
      })
      .from(membership)
      .where(
        and(
          eq(membership.workspaceId, workspaceId),
          eq(membership.role, 'owner'),
          sql`${event} <> ${TEST}`,
          sql`${createdAt} >= ${arrival}`,
          notExists(told),
        ),
      ),
  )
}

/** A message that was given up, while none has arrived since, with the integration and the owner's address. */
export const failureForOwner = (db: Db, workspaceId: WorkspaceId, id: string, userId: string) =>
  db
    .select({
      attempts: delivery.attempts,
      message: delivery.message,
      integrationId: integration.id,
      name: integration.name,
      kind: integration.kind,
      workspaceName: as('workspace_name', workspace.name),
      email: user.email,
    })
    .from(delivery)
    .innerJoin(
      integration,
      and(eq(integration.workspaceId, delivery.workspaceId), eq(integration.id, delivery.integrationId)),
    )
    .innerJoin(workspace, eq(workspace.workspaceId, delivery.workspaceId))
    .innerJoin(membership, and(eq(membership.workspaceId, delivery.workspaceId), eq(membership.userId, userId)))
    .innerJoin(user, eq(user.id, membership.userId))
    .where(
      and(
        eq(delivery.workspaceId, workspaceId),
        eq(delivery.id, id),
        eq(delivery.status, 'failed'),
        eq(membership.role, 'owner'),
        sql`${delivery.createdAt} >= ${lastArrival(workspaceId, sql`${integration.id}`)}`,
      ),
    )
