import { ById } from '../../../../shared/contracts/common.ts'
import { query } from '../query.ts'
import { auditOfEntity } from './rows.ts'
import { auditEntryView } from './view.ts'

/** The newest changes of one monitor, for its page; none on a plan that does not browse the log. */
export const auditOfMonitor = query({
  name: 'audit.of_monitor',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: ById('monitor'),
  load: (db, { workspaceId }, { id }) => ({ entries: auditOfEntity(db, workspaceId, id, 20) }),
  answer: (_context, _input, { entries }) => entries.map(auditEntryView),
})
