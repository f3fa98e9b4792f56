import type { AuditFilter } from '../../../../shared/contracts/audit.ts'
import type { Page } from '../../../../shared/contracts/common.ts'
import type { Db } from '../../db/client.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { LogKey } from '../log/rows.ts'
import type { Loaded } from '../mutation.ts'
import { entryPage, entryStretch } from './rows.ts'

export interface EntriesAsked extends AuditFilter {
  limit: number
  cursor?: string | undefined
}

/** The statements of a page of a log. It looks at a bounded stretch of it, whatever the filter is. */
export const loadEntries = (db: Db, log: LogKey, { cursor, limit, ...filter }: EntriesAsked) => {
  const before = decodeCursor(cursor)?.at ?? null
  return {
    entries: entryPage(db, log, filter, before, limit + 1),
    stretch: entryStretch(db, log, filter, before),
  }
}

type Rows = Loaded<ReturnType<typeof loadEntries>>

/** Their answer as a page. With a rare filter it may have fewer entries than asked for, and a cursor all the same. */
export function pageOfEntries<View>(
  { entries, stretch: [stretch] }: Rows,
  limit: number,
  view: (row: Rows['entries'][number]) => View,
): Page<View> {
  const shown = entries.slice(0, limit)
  const lookedTo = entries.length > limit ? (shown.at(-1)?.seq ?? 0) : (stretch?.low ?? 0)
  return {
    data: shown.map(view),
    nextCursor: lookedTo > (stretch?.start ?? 0) ? encodeCursor([lookedTo]) : null,
  }
}
