import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { incidentById } from './rows.ts'
import { incidentView } from './view.ts'

export const getIncident = query({
  name: 'incident.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/incidents/:id',
  input: ById('incident'),
  load: (db, { workspaceId }, { id }) => ({ incident: incidentById(db, workspaceId, id) }),
  answer: (_context, _input, rows) => incidentView(found(rows.incident, 'incident')),
})
