import { ConsistencyRequest, type ConsistencyView } from '../../../../shared/contracts/audit.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { consistencySpans } from '../../../../shared/domain/merkle-proof.ts'
import { leavesOfProof, storedProof } from '../../../../shared/domain/stored-proof.ts'
import { byLeaf } from '../../../../shared/domain/stored-tree.ts'
import { AppError } from '../../../../shared/errors.ts'
import { treeRows } from '../log/rows.ts'
import { query } from '../query.ts'

/** That the log at one size continues the log at an older one (RFC 6962, section 2.1.2). */
export const getConsistency = query({
  name: 'audit.consistency',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/consistency',
  input: ConsistencyRequest,
  load: (db, { workspaceId }, { from, to }) => ({
    // The last leaf shows that the log has been this long.
    rows: treeRows(db, workspaceId, [...new Set([to - 1, ...leavesOfProof(consistencySpans(from, to))])]),
  }),
  async answer(_context, { from, to }, { rows }): Promise<ConsistencyView> {
    const leaves = byLeaf(rows)
    if (to > 0 && !leaves.has(to - 1)) throw new AppError('not_found', `The log has not had ${to} entries.`)
    return { from, to, proof: (await storedProof(consistencySpans(from, to), leaves)).map(toBase64) }
  },
})
