import { ListAuditLogs } from '../../../../shared/contracts/audit.ts'
import { loadEntries, pageOfEntries } from '../entry/page.ts'
import { workspaceLog } from '../log/rows.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'
import { auditEntryView } from './view.ts'

/** Entries of this workspace, newest first. A Pro feature: the statement itself reads no entry on another plan. */
export const listAuditLogs = query({
  name: 'audit_log.list',
  scope: 'read',
  role: 'viewer',
  credentials: ['session', 'api_key'],
  route: 'GET /v1/audit-logs',
  noted: 'all',
  input: ListAuditLogs,
  load: (db, { workspaceId }, asked) => loadEntries(db, workspaceLog(workspaceId), asked),
  answer({ plan }, { limit }, rows) {
    requireBrowsing(plan)
    return pageOfEntries(rows, limit, auditEntryView)
  },
})
