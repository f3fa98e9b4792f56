import { ConsistencyRequest, type ConsistencyView } from '../../../../shared/contracts/audit.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { consistencyProof, leavesOfConsistency } from '../../../../shared/domain/stored-proof.ts'
import { byLeaf } from '../../../../shared/domain/stored-tree.ts'
import { AppError } from '../../../../shared/errors.ts'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { treeRows } from '../log/rows.ts'
import { query } from '../query.ts'

/** That the log at one size continues the log at an older one (RFC 6962, section 2.1.2). */
const consistencyOf = (kind: LogKind) =>
  query({
    name: `${kind.name}.consistency`,
    scope: 'read',
    role: 'viewer',
    credentials: kind.credentials,
    route: `GET ${kind.path}/consistency`,
    input: ConsistencyRequest,
    load: (db, { credential }, { from, to }) => ({
      // The last leaf shows that the log has been this long.
      rows: treeRows(db, kind.keyOf(credential).id, leavesOfConsistency(from, to)),
    }),
    async answer(_context, sizes, { rows }): Promise<ConsistencyView> {
      const leaves = byLeaf(rows)
      if (sizes.to > 0 && !leaves.has(sizes.to - 1))
        throw new AppError('not_found', `The log has not had ${sizes.to} entries.`)
      const proof = await consistencyProof(sizes.from, sizes.to, leaves)
      return { ...sizes, proof: proof.map(toBase64) }
    },
  })

export const getConsistency = consistencyOf(WORKSPACE_LOG)
export const getAccountConsistency = consistencyOf(ACCOUNT_LOG)
