import { CheckpointRequest } from '../../../../shared/contracts/audit.ts'
import { rootOfRange, splitRange } from '../../../../shared/domain/merkle.ts'
import { AppError } from '../../../../shared/errors.ts'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { auditHead, treeRows } from '../log/rows.ts'
import { query } from '../query.ts'

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
      // A log without a row has the head of the empty tree, so that an emptied one is shown, and not only absent.
      if (!row && size) throw new AppError('not_found', `The log has not had ${size} entries.`)
      const root = await rootOfRange(row ? splitRange(row.range) : [])
      return context.checkpointer.sign(kind.idOf(context), { size: row ? row.seq + 1 : 0, root })
    },
  })

export const getCheckpoint = checkpointOf(WORKSPACE_LOG)
export const getAccountCheckpoint = checkpointOf(ACCOUNT_LOG)
