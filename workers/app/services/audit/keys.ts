import { z } from 'zod'
import { query } from '../query.ts'
import { workspaceById } from '../workspace/rows.ts'

/** Keys that verify checkpoints of this log: the one that signs now, and the retired ones. Keep a copy. */
export const listAuditKeys = query({
  name: 'audit.keys',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/keys',
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId) }),
  answer: async ({ workspaceId, checkpointer }) => ({
    data: await checkpointer.verifierKeys(workspaceId),
    nextCursor: null,
  }),
})
