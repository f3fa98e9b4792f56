import type { Column } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { apiKey, apiKeyUse } from './schema/api-key.ts'
import { incident } from './schema/incident.ts'
import { integration } from './schema/integration.ts'
import { invitation } from './schema/invitation.ts'
import { logFinding } from './schema/log-finding.ts'
import { membership } from './schema/membership.ts'
import { monitor, monitorIntegration } from './schema/monitor.ts'
import { delivery, outbox } from './schema/outbox.ts'
import { session } from './schema/session.ts'
import { statusPage, statusPageMonitor } from './schema/status-page.ts'
import { workspace, workspaceKey } from './schema/workspace.ts'

export type TenantTable = SQLiteTable & { workspaceId: Column }

/** A table whose rows are a workspace's, and what tells its rows apart within one. */
export interface Tenant<T extends TenantTable = TenantTable> {
  table: T
  key: Column[]
}

/**
 * Every table with rows of a workspace besides its log, in the order in which they can go: a row never goes before what
 * refers to it. The workspace's own row is the last of all. A test fails for a table that is not here.
 */
export const TENANTS = {
  log_finding: { table: logFinding, key: [logFinding.workspaceId] },
  session: { table: session, key: [session.hash] },
  outbox: { table: outbox, key: [outbox.id] },
  delivery: { table: delivery, key: [delivery.id] },
  api_key_use: { table: apiKeyUse, key: [apiKeyUse.apiKeyId] },
  api_key: { table: apiKey, key: [apiKey.id] },
  invitation: { table: invitation, key: [invitation.id] },
  status_page_monitor: {
    table: statusPageMonitor,
    key: [statusPageMonitor.statusPageId, statusPageMonitor.monitorId],
  },
  status_page: { table: statusPage, key: [statusPage.id] },
  monitor_integration: {
    table: monitorIntegration,
    key: [monitorIntegration.monitorId, monitorIntegration.integrationId],
  },
  incident: { table: incident, key: [incident.id] },
  monitor: { table: monitor, key: [monitor.id] },
  integration: { table: integration, key: [integration.id] },
  membership: { table: membership, key: [membership.userId] },
  workspace_key: { table: workspaceKey, key: [workspaceKey.epoch] },
  workspace: { table: workspace, key: [workspace.workspaceId] },
} as const satisfies Record<string, Tenant>

export type TenantName = keyof typeof TENANTS
