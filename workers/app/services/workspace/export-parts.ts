import { monitorColumns } from '../../db/schema/monitor.ts'
import { statusPageColumns } from '../../db/schema/status-page.ts'
import type { TENANTS, TenantName } from '../../db/tenants.ts'
import { apiKeyView } from '../api-key/view.ts'
import { deliveryView } from '../delivery/view.ts'
import { incidentView } from '../incident/view.ts'
import { integrationView } from '../integration/view.ts'
import { invitationWithEmail } from '../invitation/view.ts'
import { memberView } from '../member/view.ts'
import { represent } from '../represent.ts'
import { workspaceView } from './view.ts'

type Row<Name extends TenantName> = (typeof TENANTS)[Name]['table']['$inferSelect']
type Line<Name extends TenantName> = (row: Row<Name>) => object

/** A row of which nothing is hidden but whose it is. */
const plain = <T extends { workspaceId: string }>({ workspaceId: _, ...row }: T) => row

/** What an export says of each row, by its table. A column that is classified as hidden or secret is in none of it. */
export const EXPORTED: { [Name in TenantName]?: Line<Name> } = {
  workspace: workspaceView,
  membership: memberView,
  invitation: invitationWithEmail,
  integration: integrationView,
  monitor: (row) => represent(monitorColumns, row),
  monitor_integration: plain,
  incident: incidentView,
  status_page: (row) => represent(statusPageColumns, row),
  status_page_monitor: plain,
  api_key: apiKeyView,
  api_key_use: plain,
  delivery: (row) => ({ ...deliveryView(row), monitorId: row.monitorId }),
}

const LOG = 'The audit log is a file of its own, which can be verified: /v1/audit-logs/export.'

/** Tables with rows of a workspace that an export does not have, each with its reason. A test fails for any other. */
export const NOT_EXPORTED: Record<string, string> = {
  workspace_key: 'Random bytes under which secrets are sealed. Without the keys of this Candor they open nothing.',
  session: 'Who is signed in just now is the business of each person: they see it at /account.',
  outbox: 'What is on its way and has not happened yet. What came of it is among the deliveries.',
  log_finding: 'Whether the audit log verifies is said by its own export.',
  audit_log: LOG,
  audit_body: LOG,
  audit_person: LOG,
}

/** What else is left out. */
export const NOT_READ = [
  {
    what: 'results',
    why: 'Single results of checks are kept for 32 days, packed: up to 92,160 a monitor. The days are here in figures, with all outages.',
  },
  { what: 'evidence', why: 'What monitored addresses answered when they failed is theirs, and is kept for 30 days.' },
  { what: 'secrets', why: 'A secret is never told again. Each stands as set, with its fingerprint.' },
]
