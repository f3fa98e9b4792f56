import { z } from 'zod'
import { rootOfRange, splitRange } from '../../../../shared/domain/merkle.ts'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { auditHead } from '../log/rows.ts'
import { query } from '../query.ts'

/** The tree head of a row of the log. Without a row it is the empty tree's, so that an emptied log is shown as one. */
export const treeHead = async (row: { seq: number; range: Uint8Array } | undefined) => ({
  size: row ? row.seq + 1 : 0,
  root: await rootOfRange(row ? splitRange(row.range) : []),
})

/** The head of the log as D1 has it, unsigned: for a browser that compares it with the one that it remembers. */
const headOf = (kind: LogKind) =>
  query({
    name: `${kind.name}.head`,
    scope: 'read',
    role: 'viewer',
    credentials: ['session'],
    input: z.strictObject({}),
    load: (db, { credential }) => ({ rows: auditHead(db, kind.keyOf(credential).id) }),
    answer: (_context, _input, { rows: [row] }) => treeHead(row),
  })

export const getHead = headOf(WORKSPACE_LOG)
export const getAccountHead = headOf(ACCOUNT_LOG)
