import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation } from '../mutation.ts'
import { linksOfMonitor, monitorById } from './rows.ts'
import { monitorView } from './view.ts'

/** Makes a check now. It changes no row, but something goes out, so it is `write` and an entry. */
export const checkMonitor = mutation({
  action: 'monitor.check',
  scope: 'write',
  role: 'member',
  limits: ['sends'],
  route: 'POST /v1/monitors/:id/check',
  input: ById('monitor'),
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
  }),
  run(_db, _context, { id }, rows) {
    const monitor = found(rows.monitor, 'monitor')
    if (!monitor.active) throw new AppError('conflict', 'This monitor is paused. Resume it first.')
    const view = {
      ...monitorView(
        monitor,
        rows.links.map((link) => link.integrationId),
      ),
    }
    return {
      entityId: id,
      before: view,
      after: view,
      writes: [],
      rowsAfter: rows,
      effects: [{ type: 'check', monitorId: id }],
    }
  },
})
