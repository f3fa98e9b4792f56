import { ListRecentAuditLogs } from '../../../../shared/contracts/audit.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { recentEntries } from '../entry/rows.ts'
import { LIMITS } from '../limits.ts'
import { workspaceLog } from '../log/rows.ts'
import { query } from '../query.ts'
import { auditEntryView } from './view.ts'

const HOUR_MS = 3_600_000

/** Entries of the last hours, newest first, for people on a plan that does not browse the log. No filter. */
export const listRecentAuditLogs = query({
  name: 'audit_log.recent',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  noted: 'recent',
  input: ListRecentAuditLogs,
  load: (db, { workspaceId, now }, { cursor, limit }) => ({
    entries: recentEntries(
      db,
      workspaceLog(workspaceId),
      // The same hours on every plan: which one it is, is not known before the answer.
      now - LIMITS.free.auditHours * HOUR_MS,
      decodeCursor(cursor)?.at ?? null,
      limit + 1,
    ),
  }),
  answer(_context, { limit }, { entries }) {
    const shown = entries.slice(0, limit)
    const last = shown.at(-1)
    return {
      data: shown.map(auditEntryView),
      nextCursor: entries.length > limit && last ? encodeCursor([last.seq]) : null,
    }
  },
})
