import { ListAuditLogs } from '../../../../shared/contracts/audit.ts'
import { AppError } from '../../../../shared/errors.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { LIMITS } from '../limits.ts'
import { query } from '../query.ts'
import { auditPage } from './rows.ts'
import { auditEntryView } from './view.ts'

/** Entries of this workspace, newest first. A Pro feature: the statement itself reads no entry on another plan. */
export const listAuditLogs = query({
  name: 'audit.list',
  scope: 'read',
  role: 'member',
  credentials: ['session', 'api_key'],
  route: 'GET /v1/audit-logs',
  input: ListAuditLogs,
  load: (db, { workspaceId }, { cursor, ...filter }) => ({
    entries: auditPage(db, workspaceId, filter, decodeCursor(cursor)?.at ?? null),
  }),
  answer({ plan }, { limit }, { entries }) {
    if (!LIMITS[plan].auditLogs)
      throw new AppError(
        'plan_required',
        'Browsing the audit log is part of Pro. Every change is recorded all the same.',
      )
    return toPage(entries, limit, auditEntryView, (row) => [row.seq])
  },
})
