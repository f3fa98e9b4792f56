import type { AuditFilter } from '../../../../shared/contracts/audit.ts'
import type { ExportGap, ExportHeader, ExportLine } from '../../../../shared/contracts/audit-export.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { growSpan } from '../../../../shared/domain/compact-range.ts'
import { rootOfRange, splitRange } from '../../../../shared/domain/merkle.ts'
import { lineHash } from '../../../../shared/domain/verify/lines.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Checkpointer } from '../../crypto/checkpointer.ts'
import type { Db } from '../../db/client.ts'
import { exportBounds, exportRows } from '../entry/rows.ts'
import { type LogKey, treeRows } from '../log/rows.ts'

export interface ExportOrder {
  logId: string
  log: LogKey
  filter: AuditFilter
  /** Entries of the log that the export speaks of. */
  size: number
  checkpointer: Checkpointer
  /** Unix milliseconds. */
  now: number
  /** Why the export is no entry of the log; absent when it is one. */
  unlogged?: ExportHeader['unlogged']
}

type Row = Awaited<ReturnType<typeof exportRows>>[number]

/** Entries a round trip: at most this many are in memory, however long the log is. */
const BLOCK = 200

/** The rows of the log, block by block. A row that is not there ends it: the verifier will say so. */
export async function* rowsOfLog(db: Db, { log, filter, size }: ExportOrder): AsyncGenerator<Row> {
  const [bounds] = await exportBounds(db, log, filter)
  if (!bounds) throw new AppError('unavailable', 'The log cannot be read.')
  for (let from = 0; from < size; from += BLOCK)
    for (const row of await exportRows(db, log, filter, [from, Math.min(from + BLOCK, size)], size))
      yield row.seq >= bounds.from && row.seq < bounds.to ? row : { ...row, leaf: null }
}

async function headerOf(db: Db, order: ExportOrder): Promise<ExportHeader> {
  const { logId, log, filter, size, checkpointer, now, unlogged } = order
  const [bounds] = await exportBounds(db, log, filter)
  const keys = await checkpointer.verifierKeys(logId)
  const asked = Object.entries(filter).map(([name, value]) => [
    name,
    typeof value === 'number' ? new Date(value).toISOString() : value,
  ])
  return {
    candor: 'audit-export',
    v: 1,
    origin: checkpointer.originOf(logId),
    log: logId,
    size,
    minimum: bounds?.minimum ?? 0,
    filter: Object.fromEntries(asked),
    keys: keys.map(({ vkey }) => vkey),
    exportedAt: new Date(now).toISOString(),
    ...(unlogged && { unlogged }),
  }
}

/** Entries that are left out, as the hashes of the subtrees they make up. */
function makeGap(from: number, why: ExportGap['why']) {
  const span = growSpan(from)
  return {
    why,
    append: (row: Row) => span.append(row.leafHash),
    line: (): ExportLine => ({ gap: [from, span.to()], why, hashes: span.hashes().map(toBase64) }),
  }
}

const entryLine = ({ seq, leafHash, leaf, salt, json }: Row): ExportLine => ({
  seq,
  hash: toBase64(leafHash),
  leaf: leaf ?? '',
  ...(salt && json !== null && { person: { salt: toBase64(salt), json } }),
})

async function* logLines(db: Db, order: ExportOrder): AsyncGenerator<ExportLine> {
  const isWhole = Object.keys(order.filter).length === 0
  let gap: ReturnType<typeof makeGap> | null = null
  for await (const row of rowsOfLog(db, order)) {
    // The entry that explains it comes after the end of this export, which would look as if somebody had taken it out.
    if (isWhole && row.goneSince)
      throw new AppError('unavailable', 'Something was pruned or erased while this was exported. Export it again.')
    const { why } = row
    if (gap && (row.leaf !== null || gap.why !== why)) {
      yield gap.line()
      gap = null
    }
    if (row.leaf === null) {
      gap ??= makeGap(row.seq, why)
      await gap.append(row)
    } else yield entryLine(row)
    if (!gap && row.range) yield { mark: row.seq + 1, range: splitRange(new Uint8Array(row.range)).map(toBase64) }
  }
  if (gap) yield gap.line()
}

/** Nothing for a log that does not match its own copy: a signature says that it does. */
async function checkpointAt(db: Db, { logId, size, checkpointer, unlogged }: ExportOrder): Promise<string> {
  if (unlogged) return ''
  const [last] = await treeRows(db, logId, [size - 1])
  if (!last) throw new AppError('unavailable', 'The end of the log cannot be read.')
  return checkpointer.sign(logId, { size, root: await rootOfRange(splitRange(last.range)) })
}

/** An export as NDJSON, version 1 (shared/contracts/audit-export.ts), line by line. */
export async function* exportNdjson(db: Db, order: ExportOrder): AsyncGenerator<string> {
  const header = JSON.stringify(await headerOf(db, order))
  yield `${header}\n`
  for await (const line of logLines(db, order)) yield `${JSON.stringify(line)}\n`
  const end: ExportLine = {
    end: order.size,
    header: await lineHash(header),
    checkpoint: await checkpointAt(db, order),
  }
  yield `${JSON.stringify(end)}\n`
}
