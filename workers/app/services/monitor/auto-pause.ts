import { ById } from '../../../../shared/contracts/common.ts'
import { pauseStep } from '../../../../shared/domain/idle.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { openIncidentOf } from '../incident/rows.ts'
import { toOwner } from '../mail/to-owner.ts'
import { memberIds } from '../member/rows.ts'
import { mutation } from '../mutation.ts'
import { idlenessOf } from '../workspace/rows.ts'
import { pausing } from './pausing.ts'
import { linksOfMonitor, monitorById } from './rows.ts'

/** Candor's own, at night: pauses a monitor of a free workspace that nobody uses, whose owner was told so twice (ADR 0036). */
export const autoPauseMonitor = mutation({
  action: 'monitor.auto_pause',
  scope: 'write',
  role: 'member',
  credentials: ['system'],
  input: ById('monitor'),
  load: (db, { workspaceId }, { id }) => ({
    workspace: idlenessOf(db, workspaceId),
    members: memberIds(db, workspaceId),
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
    open: openIncidentOf(db, workspaceId, id),
  }),
  run(db, context, _input, rows) {
    const before = found(rows.monitor, 'monitor')
    const workspace = found(rows.workspace, 'workspace')
    if (!before.active || pauseStep(workspace, context.now) !== 'pause')
      throw new AppError('conflict', 'It is not the time to pause this monitor.')
    const paused = pausing(db, context, before, rows)
    // With the last of them its owner is told that it was done.
    const mails = workspace.running > 1 ? [] : toOwner(rows.members, 'monitors_paused')
    // An outage ends with it as well, but nobody is told that it is over: it may go on.
    return { ...paused, effects: [{ type: 'schedule', monitorId: before.id }, ...mails] }
  },
})
