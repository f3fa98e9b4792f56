import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { linksOfMonitor, monitorById } from './rows.ts'
import { monitorView } from './view.ts'

export const getMonitor = query({
  name: 'monitor.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/monitors/:id',
  input: ById('monitor'),
  load: (db, { workspaceId }, { id }) => ({
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
  }),
  answer: (_context, _input, rows) =>
    monitorView(
      found(rows.monitor, 'monitor'),
      rows.links.map((link) => link.integrationId),
    ),
})
