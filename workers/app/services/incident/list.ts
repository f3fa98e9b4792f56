import { id, PageRequest } from '../../../../shared/contracts/common.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { incidentPage } from './rows.ts'
import { incidentView } from './view.ts'

export const listIncidents = query({
  name: 'incident.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/incidents',
  input: PageRequest.extend({ monitorId: id('monitor').optional() }),
  load: (db, { workspaceId }, { cursor, limit, monitorId }) => ({
    incidents: incidentPage(db, workspaceId, monitorId, decodeCursor(cursor), limit + 1),
  }),
  answer: (_context, { limit }, { incidents }) =>
    toPage(incidents, limit, incidentView, (row) => [row.startedAt, row.id]),
})
