import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { query } from '../query.ts'
import { auditOfEntity } from './rows.ts'
import { auditEntryView } from './view.ts'

/**
 * The newest changes of one thing, for its page; none on a plan that does not browse the log. null when somebody changed
 * one of them in the database: the rest of the page is needed then as well.
 */
const auditOf = (noun: 'monitor' | 'incident') =>
  query({
    name: `audit.of_${noun}`,
    scope: 'read',
    role: 'viewer',
    credentials: ['session'],
    input: ById(noun),
    load: (db, { workspaceId }, { id }) => ({ entries: auditOfEntity(db, workspaceId, id, 20) }),
    answer(_context, _input, { entries }) {
      try {
        return entries.map(auditEntryView)
      } catch (error) {
        if (error instanceof AppError && error.code === 'log_tampered') return null
        throw error
      }
    },
  })

export const auditOfMonitor = auditOf('monitor')
export const auditOfIncident = auditOf('incident')
