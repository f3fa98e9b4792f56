import { ListAuditLogs } from '../../../../shared/contracts/audit.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'
import { auditPage, auditStretch } from './rows.ts'
import { auditEntryView } from './view.ts'

/**
 * Entries of this workspace, newest first. A Pro feature: the statement itself reads no entry on another plan. A page
 * looks at a bounded stretch of the log, so with a rare filter it may have fewer entries than asked for, and a cursor.
 */
export const listAuditLogs = query({
  name: 'audit_log.list',
  scope: 'read',
  role: 'viewer',
  credentials: ['session', 'api_key'],
  route: 'GET /v1/audit-logs',
  noted: true,
  input: ListAuditLogs,
  load: (db, { workspaceId }, { cursor, limit, ...filter }) => {
    const before = decodeCursor(cursor)?.at ?? null
    return {
      entries: auditPage(db, workspaceId, filter, before, limit + 1),
      stretch: auditStretch(db, workspaceId, filter, before),
    }
  },
  answer({ plan }, { limit }, { entries, stretch: [stretch] }) {
    requireBrowsing(plan)
    const shown = entries.slice(0, limit)
    const lookedTo = entries.length > limit ? (shown.at(-1)?.seq ?? 0) : (stretch?.low ?? 0)
    return {
      data: shown.map(auditEntryView),
      nextCursor: lookedTo > (stretch?.start ?? 0) ? encodeCursor([lookedTo]) : null,
    }
  },
})
