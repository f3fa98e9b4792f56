import { ConsistencyRequest, type ConsistencyView } from '../../../../shared/contracts/audit.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { consistencySpans, spanHash, subtreesOf } from '../../../../shared/domain/merkle-proof.ts'
import { byLeaf, leavesOf, type StoredLeaf, subtreeHash } from '../../../../shared/domain/stored-tree.ts'
import { AppError } from '../../../../shared/errors.ts'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { treeRows } from '../log/rows.ts'
import { query } from '../query.ts'

type Sizes = { from: number; to: number }

const subtreesFor = ({ from, to }: Sizes) => consistencySpans(from, to).flatMap(subtreesOf)

async function proofOf({ from, to }: Sizes, rows: ReadonlyMap<number, StoredLeaf>): Promise<string[]> {
  const hashes = new Map<string, Uint8Array>()
  for (const subtree of subtreesFor({ from, to }))
    hashes.set(`${subtree.level}/${subtree.index}`, await subtreeHash(subtree, rows))
  const hashOf = ({ level, index }: { level: number; index: number }) =>
    hashes.get(`${level}/${index}`) ?? new Uint8Array()
  return Promise.all(consistencySpans(from, to).map(async (span) => toBase64(await spanHash(span, hashOf))))
}

/** That the log at one size continues the log at an older one (RFC 6962, section 2.1.2). */
const consistencyOf = (kind: LogKind) =>
  query({
    name: `${kind.name}.consistency`,
    scope: 'read',
    role: 'viewer',
    credentials: kind.credentials,
    route: `GET ${kind.path}/consistency`,
    input: ConsistencyRequest,
    load: (db, { credential }, sizes) => {
      // The last leaf shows that the log has been this long.
      const leaves = new Set([sizes.to - 1, ...subtreesFor(sizes).flatMap(leavesOf)])
      return { rows: treeRows(db, kind.keyOf(credential).id, [...leaves]) }
    },
    async answer(_context, sizes, { rows }): Promise<ConsistencyView> {
      const leaves = byLeaf(rows)
      if (sizes.to > 0 && !leaves.has(sizes.to - 1))
        throw new AppError('not_found', `The log has not had ${sizes.to} entries.`)
      return { ...sizes, proof: await proofOf(sizes, leaves) }
    },
  })

export const getConsistency = consistencyOf(WORKSPACE_LOG)
export const getAccountConsistency = consistencyOf(ACCOUNT_LOG)
