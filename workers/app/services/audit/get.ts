import { AuditEntryBySeq } from '../../../../shared/contracts/audit.ts'
import { entryAt } from '../entry/rows.ts'
import { found } from '../found.ts'
import { workspaceLog } from '../log/rows.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'
import { auditEntryView } from './view.ts'

export const getAuditLog = query({
  name: 'audit_log.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit-logs/:seq',
  noted: 'all',
  input: AuditEntryBySeq,
  load: (db, { workspaceId }, { seq }) => ({ entry: entryAt(db, workspaceLog(workspaceId), seq) }),
  answer({ plan }, _input, { entry }) {
    requireBrowsing(plan)
    return auditEntryView(found(entry, 'audit entry'))
  },
})
