import { CheckpointRequest } from '../../../../shared/contracts/audit.ts'
import { AppError } from '../../../../shared/errors.ts'
import { auditHead, treeRows } from '../log/rows.ts'
import { query } from '../query.ts'
import { treeHead } from './head.ts'

/**
 * The signed head of the log (c2sp.org/tlog-checkpoint), now or at an older size. On every plan: what proves that a
 * history was not rewritten is nothing to be sold.
 */
export const getCheckpoint = query({
  name: 'audit.checkpoint',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/checkpoint',
  format: 'text',
  input: CheckpointRequest,
  load: (db, { workspaceId }, { size }) => ({
    rows: size === undefined ? auditHead(db, workspaceId) : treeRows(db, workspaceId, [size - 1]),
  }),
  async answer({ workspaceId, checkpointer }, { size }, { rows: [row] }) {
    if (!row && size) throw new AppError('not_found', `The log has not had ${size} entries.`)
    return checkpointer.sign(workspaceId, await treeHead(row))
  },
})
