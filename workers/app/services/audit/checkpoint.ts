import { CheckpointRequest } from '../../../../shared/contracts/audit.ts'
import { AppError } from '../../../../shared/errors.ts'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { auditHead, treeRows } from '../log/rows.ts'
import { query } from '../query.ts'
import { treeHead } from './head.ts'

/**
 * The signed head of the log (c2sp.org/tlog-checkpoint), now or at an older size. On every plan: what proves that a
 * history was not rewritten is nothing to be sold.
 */
const checkpointOf = (kind: LogKind) =>
  query({
    name: `${kind.name}.checkpoint`,
    scope: 'read',
    role: 'viewer',
    credentials: kind.credentials,
    route: `GET ${kind.path}/checkpoint`,
    format: 'text',
    input: CheckpointRequest,
    load: (db, { credential }, { size }) => {
      const { id } = kind.keyOf(credential)
      return { rows: size === undefined ? auditHead(db, id) : treeRows(db, id, [size - 1]) }
    },
    async answer(context, { size }, { rows: [row] }) {
      if (!row && size) throw new AppError('not_found', `The log has not had ${size} entries.`)
      return context.checkpointer.sign(kind.idOf(context), await treeHead(row))
    },
  })

export const getCheckpoint = checkpointOf(WORKSPACE_LOG)
export const getAccountCheckpoint = checkpointOf(ACCOUNT_LOG)
