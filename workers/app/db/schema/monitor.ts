import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { METHODS } from '../../../../shared/contracts/monitor.ts'
import { type Classified, secret } from '../columns.ts'

export const monitor = sqliteTable(
  'monitor',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: ['http'] }).notNull(),
    url: text('url').notNull(),
    method: text('method', { enum: METHODS }).notNull(),
    headers: secret('headers'),
    headersFingerprint: text('headers_fingerprint'),
    body: secret('body'),
    bodyFingerprint: text('body_fingerprint'),
    intervalSeconds: integer('interval_seconds').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    degradedAfterMs: integer('degraded_after_ms'),
    followRedirects: integer('follow_redirects', { mode: 'boolean' }).notNull(),
    active: integer('active', { mode: 'boolean' }).notNull(),
    /** Sequence of the entry that last changed this row. */
    version: integer('version').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const monitorColumns = {
  workspaceId: 'hidden',
  id: 'plain',
  name: 'plain',
  kind: 'plain',
  url: 'plain',
  method: 'plain',
  headers: 'secret',
  headersFingerprint: 'hidden',
  body: 'secret',
  bodyFingerprint: 'hidden',
  intervalSeconds: 'plain',
  timeoutMs: 'plain',
  degradedAfterMs: 'plain',
  followRedirects: 'plain',
  active: 'plain',
  version: 'hidden',
  createdAt: 'time',
  updatedAt: 'time',
} as const satisfies Classified<typeof monitor>

/** Which integrations hear of a monitor. */
export const monitorIntegration = sqliteTable(
  'monitor_integration',
  {
    workspaceId: text('workspace_id').notNull(),
    monitorId: text('monitor_id').notNull(),
    integrationId: text('integration_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.monitorId, table.integrationId] })],
)
