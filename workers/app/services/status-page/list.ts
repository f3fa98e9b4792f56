import { PageRequest } from '../../../../shared/contracts/common.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { placesOf, statusPagePage } from './rows.ts'
import { statusPageView } from './view.ts'

export const listStatusPages = query({
  name: 'status_page.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/status-pages',
  input: PageRequest,
  load: (db, { workspaceId }, { cursor, limit }) => ({
    pages: statusPagePage(db, workspaceId, decodeCursor(cursor), limit + 1),
    places: placesOf(db, workspaceId),
  }),
  answer(_context, { limit }, { pages, places }) {
    const of = Map.groupBy(places, (place) => place.statusPageId)
    return toPage(
      pages,
      limit,
      (row) =>
        statusPageView(
          row,
          (of.get(row.id) ?? []).map((place) => place.monitorId),
        ),
      (row) => [row.createdAt, row.id],
    )
  },
})
