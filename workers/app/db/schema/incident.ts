import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OpenIncident } from '../../../../shared/contracts/incident.ts'
import type { Classified } from '../columns.ts'

export const incident = sqliteTable(
  'incident',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    monitorId: text('monitor_id').notNull(),
    startedAt: integer('started_at').notNull(),
    resolvedAt: integer('resolved_at'),
    cause: text('cause', { mode: 'json' }).$type<OpenIncident['cause']>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const incidentColumns = {
  workspaceId: 'hidden',
  id: 'plain',
  monitorId: 'plain',
  startedAt: 'time',
  resolvedAt: 'time',
  cause: 'plain',
} as const satisfies Classified<typeof incident>
