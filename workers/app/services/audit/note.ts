import { z } from 'zod'
import { AuditExportRequest } from '../../../../shared/contracts/audit.ts'
import { mutation } from '../mutation.ts'
import { requireBrowsing } from './browse.ts'

/** Somebody reads the log. It changes nothing, and is noted once an hour for each reader. */
export const noteReading = mutation({
  action: 'audit_log.read',
  scope: 'read',
  role: 'viewer',
  input: z.strictObject({ recent: z.literal(true).optional() }),
  whileEnding: true,
  touches: () => [],
  load: () => ({}),
  run(_db, { workspaceId, plan }, { recent }) {
    if (!recent) requireBrowsing(plan)
    return { entityId: workspaceId, before: null, after: null, writes: [] }
  },
})

/** Somebody takes a copy of the log, or of what a filter leaves of it. */
export const noteExport = mutation({
  action: 'audit_log.export',
  scope: 'read',
  role: 'viewer',
  limits: ['exports'],
  input: AuditExportRequest,
  whileEnding: true,
  touches: () => [],
  load: () => ({}),
  run(_db, { workspaceId, plan }, { format, ...filter }) {
    requireBrowsing(plan)
    return { entityId: workspaceId, before: null, after: { format, filter }, writes: [] }
  },
})
