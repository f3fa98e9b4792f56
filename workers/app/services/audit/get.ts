import { AuditEntryBySeq } from '../../../../shared/contracts/audit.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'
import { auditEntry } from './rows.ts'
import { auditEntryView } from './view.ts'

export const getAuditLog = query({
  name: 'audit_log.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit-logs/:seq',
  noted: true,
  input: AuditEntryBySeq,
  load: (db, { workspaceId }, { seq }) => ({ entry: auditEntry(db, workspaceId, seq) }),
  answer({ plan }, _input, { entry }) {
    requireBrowsing(plan)
    return auditEntryView(found(entry, 'audit entry'))
  },
})
