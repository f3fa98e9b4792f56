import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { monitorOfIncident } from './rows.ts'

/** What an incident is about, for its page. */
export const getMonitorOfIncident = query({
  name: 'incident.monitor',
  scope: 'read',
  role: 'viewer',
  input: ById('incident'),
  load: (db, { workspaceId }, { id }) => ({ monitor: monitorOfIncident(db, workspaceId, id) }),
  answer: (_context, _input, { monitor }) => found(monitor, 'incident'),
})
