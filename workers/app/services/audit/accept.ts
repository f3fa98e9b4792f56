import { AcceptAuditLog } from '../../../../shared/contracts/operator.ts'
import { mutation } from '../mutation.ts'

/**
 * The operator takes the log that the database has as the log of the workspace, although its object knew another one. The
 * entry says both, for ever. The object reads the log first, and takes its end together with this entry
 * (workspace/accept.ts); this verb only says so.
 */
export const acceptAuditLog = mutation({
  action: 'audit_log.accept',
  scope: 'write',
  role: 'owner',
  credentials: ['operator'],
  whileEnding: true,
  input: AcceptAuditLog,
  load: () => ({}),
  run: (_db, { workspaceId }, { known, accepted }) => ({
    entityId: workspaceId,
    before: known,
    after: accepted,
    writes: [],
  }),
})
