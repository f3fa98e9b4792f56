import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { openIncidentOf } from '../incident/rows.ts'
import { mutation } from '../mutation.ts'
import { pausing } from './pausing.ts'
import { linksOfMonitor, monitorById } from './rows.ts'

/** Stops the checks. */
export const pauseMonitor = mutation({
  action: 'monitor.pause',
  scope: 'write',
  role: 'member',
  route: 'POST /v1/monitors/:id/pause',
  input: ById('monitor'),
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
    open: openIncidentOf(db, workspaceId, id),
  }),
  run(db, context, _input, rows) {
    const before = found(rows.monitor, 'monitor')
    if (!before.active) throw new AppError('conflict', 'This monitor is paused already.')
    return pausing(db, context, before, rows)
  },
})
