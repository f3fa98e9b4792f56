import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { AlertEvent } from '../../../../shared/domain/alert.ts'
import type { MailRequest } from '../../../../shared/domain/mail.ts'

/** What has to happen because of a change, and must not be forgotten in a crash. Never holds a secret. */
export type Effect =
  | { type: 'schedule'; monitorId: string }
  | { type: 'check'; monitorId: string }
  /** `version`: sequence of the entry, so that an older word that comes late is ignored. */
  | { type: 'suspend'; suspended: boolean; version: number }
  | { type: 'notify'; integrationId: string; event: AlertEvent }
  | { type: 'mail'; mail: MailRequest }

/** Written in the batch of the change, deleted when the effect has happened. `dueAt` in Unix milliseconds. */
export const outbox = sqliteTable(
  'outbox',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    effect: text('effect', { mode: 'json' }).$type<Effect>().notNull(),
    dueAt: integer('due_at').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed'] as const

/**
 * The trail of one message: what the receiver said. A mail has no integration, which is the empty text then. Keyed by the outbox id, which makes the consumer idempotent.
 */
export const delivery = sqliteTable(
  'delivery',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    integrationId: text('integration_id').notNull(),
    event: text('event').notNull(),
    monitorId: text('monitor_id'),
    incidentId: text('incident_id'),
    status: text('status', { enum: DELIVERY_STATUSES }).notNull(),
    attempts: integer('attempts').notNull(),
    message: text('message').notNull(),
    createdAt: integer('created_at').notNull(),
    deliveredAt: integer('delivered_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)
