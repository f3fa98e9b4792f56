import type { Db } from '../db/client.ts'
import { rangeAfter } from '../services/log/rows.ts'
import type { Findings } from './finding.ts'
import { type HeadKeeper, keepHead } from './head.ts'

/** The copy of its head that the only writer of a log keeps. `logId`: null until it is known whose log it is. */
export const keepOwnHead = (
  db: Db,
  storage: DurableObjectStorage,
  findings: Findings,
  logId: () => string | null,
): HeadKeeper =>
  keepHead(storage, {
    rangeAfter: (size) => rangeAfter(db, logId(), size),
    onMismatch(finding) {
      const id = logId()
      if (id !== null) findings.noticed(id, finding, 'head', Date.now())
    },
  })
