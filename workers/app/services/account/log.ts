import { ListAuditLogs } from '../../../../shared/contracts/audit.ts'
import { loadEntries, pageOfEntries } from '../entry/page.ts'
import { ACCOUNT_LOG } from '../log/kind.ts'
import { query } from '../query.ts'
import { accountEntryView } from './view.ts'

/** Entries of the log of whoever is signed in, newest first: on every plan, it is theirs. */
export const listAccountLog = query({
  name: 'account_audit.list',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: ListAuditLogs,
  load: (db, { credential }, asked) => loadEntries(db, ACCOUNT_LOG.keyOf(credential), asked),
  answer: (_context, { limit }, rows) => pageOfEntries(rows, limit, accountEntryView),
})
