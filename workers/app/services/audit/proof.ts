import { AuditEntryBySeq } from '../../../../shared/contracts/audit.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { rootOfRange, splitRange } from '../../../../shared/domain/merkle.ts'
import { byLeaf } from '../../../../shared/domain/stored-tree.ts'
import { AppError } from '../../../../shared/errors.ts'
import { treeRows } from '../log/rows.ts'
import { query } from '../query.ts'

/**
 * A receipt (c2sp.org/tlog-proof): that an entry is in the log, under a checkpoint that ends with it. In that tree the
 * entry is the last leaf, and its path is the compact range before it, so two rows are enough, however long the log is.
 * A later checkpoint follows from it by a consistency proof.
 */
export const getProof = query({
  name: 'audit.proof',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/proof/:seq',
  format: 'text',
  input: AuditEntryBySeq,
  load: (db, { workspaceId }, { seq }) => ({ rows: treeRows(db, workspaceId, [seq - 1, seq]) }),
  async answer({ workspaceId, checkpointer }, { seq }, { rows }) {
    const leaves = byLeaf(rows)
    const last = leaves.get(seq)
    if (!last) throw new AppError('not_found', 'There is no such audit entry in this workspace.')
    const before = leaves.get(seq - 1)
    const path = before ? splitRange(before.range).toReversed() : []
    const root = await rootOfRange(splitRange(last.range))
    const checkpoint = await checkpointer.sign(workspaceId, { size: seq + 1, root })
    const lines = ['c2sp.org/tlog-proof@v1', `index ${seq}`, ...path.map(toBase64), '']
    return `${lines.join('\n')}\n${checkpoint}`
  },
})
