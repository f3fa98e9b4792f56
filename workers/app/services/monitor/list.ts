import { PageRequest } from '../../../../shared/contracts/common.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { linksOfWorkspace, monitorPage } from './rows.ts'
import { monitorView } from './view.ts'

export const listMonitors = query({
  name: 'monitor.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/monitors',
  input: PageRequest,
  load: (db, { workspaceId }, { cursor, limit }) => ({
    monitors: monitorPage(db, workspaceId, decodeCursor(cursor), limit + 1),
    links: linksOfWorkspace(db, workspaceId),
  }),
  answer(_context, { limit }, { monitors, links }) {
    const of = Map.groupBy(links, (link) => link.monitorId)
    return toPage(
      monitors,
      limit,
      (row) =>
        monitorView(
          row,
          (of.get(row.id) ?? []).map((link) => link.integrationId),
        ),
      (row) => [row.createdAt, row.id],
    )
  },
})
