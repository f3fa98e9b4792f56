import { AuditEntryBySeq } from '../../../../shared/contracts/audit.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { rootOfRange, splitRange } from '../../../../shared/domain/merkle.ts'
import { byLeaf } from '../../../../shared/domain/stored-tree.ts'
import { AppError } from '../../../../shared/errors.ts'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { treeRows } from '../log/rows.ts'
import { query } from '../query.ts'

/**
 * A receipt (c2sp.org/tlog-proof): that an entry is in the log, under a checkpoint that ends with it. In that tree the
 * entry is the last leaf, and its path is the compact range before it, so two rows are enough, however long the log is.
 * A later checkpoint follows from it by a consistency proof.
 */
const proofOf = (kind: LogKind) =>
  query({
    name: `${kind.name}.proof`,
    scope: 'read',
    role: 'viewer',
    credentials: kind.credentials,
    route: `GET ${kind.path}/proof/:seq`,
    format: 'text',
    input: AuditEntryBySeq,
    load: (db, { credential }, { seq }) => ({ rows: treeRows(db, kind.keyOf(credential).id, [seq - 1, seq]) }),
    async answer(context, { seq }, { rows }) {
      const leaves = byLeaf(rows)
      const last = leaves.get(seq)
      if (!last) throw new AppError('not_found', kind.noEntry)
      const before = leaves.get(seq - 1)
      const path = before ? splitRange(before.range).toReversed() : []
      const root = await rootOfRange(splitRange(last.range))
      const checkpoint = await context.checkpointer.sign(kind.idOf(context), { size: seq + 1, root })
      const lines = ['c2sp.org/tlog-proof@v1', `index ${seq}`, ...path.map(toBase64), '']
      return `${lines.join('\n')}\n${checkpoint}`
    },
  })

export const getProof = proofOf(WORKSPACE_LOG)
export const getAccountProof = proofOf(ACCOUNT_LOG)
