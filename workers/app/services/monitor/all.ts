import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { query } from '../query.ts'
import { linksOfWorkspace, monitorPage } from './rows.ts'
import { monitorView } from './view.ts'

/** Every monitor of the workspace, for pages: a plan's limit is the bound. */
export const allMonitors = query({
  name: 'monitor.all',
  scope: 'read',
  role: 'viewer',
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({
    monitors: monitorPage(db, workspaceId, null, LIMITS.pro.monitors),
    links: linksOfWorkspace(db, workspaceId),
  }),
  answer(_context, _input, { monitors, links }) {
    const of = Map.groupBy(links, (link) => link.monitorId)
    return monitors.map((row) =>
      monitorView(
        row,
        (of.get(row.id) ?? []).map((link) => link.integrationId),
      ),
    )
  },
})
