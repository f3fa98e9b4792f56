import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { placesOf, statusPageById } from './rows.ts'
import { statusPageView } from './view.ts'

export const getStatusPage = query({
  name: 'status_page.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/status-pages/:id',
  input: ById('statusPage'),
  load: (db, { workspaceId }, { id }) => ({
    page: statusPageById(db, workspaceId, id),
    places: placesOf(db, workspaceId, id),
  }),
  answer: (_context, _input, rows) =>
    statusPageView(
      found(rows.page, 'status page'),
      rows.places.map((place) => place.monitorId),
    ),
})
