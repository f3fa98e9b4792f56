import { z } from 'zod'
import { auditHead } from '../log/rows.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'

/**
 * Who may take a copy of a log that takes no entry any more, and how long it is in the database: an owner who is signed in,
 * on a plan that has exports. The entry that confirms everybody else cannot be made.
 */
export const unloggedExport = query({
  name: 'audit_log.unlogged_export',
  scope: 'read',
  role: 'owner',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ head: auditHead(db, workspaceId) }),
  answer({ plan, userId }, _input, { head: [head] }) {
    requireBrowsing(plan)
    return { size: head ? head.seq + 1 : 0, userId: userId ?? '' }
  },
})
