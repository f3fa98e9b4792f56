import { z } from 'zod'
import { query } from '../query.ts'
import { peopleOfLog } from './rows.ts'

const MAX_PEOPLE = 500

/** Who has entries in the log, former members included: for the filter of its page. */
export const peopleOfAuditLog = query({
  name: 'audit_log.people',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ people: peopleOfLog(db, workspaceId, MAX_PEOPLE) }),
  answer: (_context, _input, { people }) => people.map(({ userId, name }) => ({ id: userId, name: name ?? userId })),
})
