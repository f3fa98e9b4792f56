import type { Db } from '../../db/client.ts'
import { type ExportOrder, rowsOfLog } from './export.ts'
import { auditEntryView } from './view.ts'

const COLUMNS = [
  'seq',
  'at',
  'action',
  'outcome',
  'surface',
  'actorType',
  'actorId',
  'actorName',
  'userId',
  'entityType',
  'entityId',
  'changed',
  'requestId',
  'leafHash',
  'leaf',
]

/** OWASP, CSV injection: the wide forms too, which spreadsheets of some languages take for the narrow ones. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(value: string | number | null): string {
  const text = String(value ?? '')
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const row = (values: (string | number | null)[]) => `${values.map(cell).join(',')}\r\n`

/** The filtered entries as CSV, oldest first, line by line. */
export async function* exportCsv(db: Db, order: ExportOrder): AsyncGenerator<string> {
  yield row(COLUMNS)
  for await (const { leaf, leafHash, json } of rowsOfLog(db, order)) {
    if (leaf === null) continue
    const entry = auditEntryView({ leaf, leafHash, person: json })
    yield row([
      entry.seq,
      entry.at,
      entry.action,
      entry.outcome,
      entry.surface,
      entry.actor.type,
      entry.actor.id,
      entry.actorName,
      entry.user,
      entry.entity.type,
      entry.entity.id,
      entry.changes.map(({ field }) => field).join(' '),
      entry.requestId,
      entry.leafHash,
      leaf,
    ])
  }
}
