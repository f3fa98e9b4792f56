import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { endIncident } from '../incident/end.ts'
import { openIncidentOf } from '../incident/rows.ts'
import { mutation, write } from '../mutation.ts'
import { linksOfMonitor, monitorById, setMonitor } from './rows.ts'
import { monitorView } from './view.ts'

/** Stops the checks. An incident that is open ends with it: nobody would see the recovery. */
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
  run(db, context, { id }, rows) {
    const { workspaceId, now, seq } = context
    const before = found(rows.monitor, 'monitor')
    if (!before.active) throw new AppError('conflict', 'This monitor is paused already.')
    const links = rows.links.map((link) => link.integrationId)
    const ended = endIncident(db, context, before, rows.open, links)
    const changes = { active: false, version: seq, updatedAt: now }
    return {
      entityId: id,
      before: { ...monitorView(before, links) },
      after: { ...monitorView({ ...before, ...changes }, links), ...ended.noted },
      writes: [write(setMonitor(db, workspaceId, id, changes)), ...ended.writes],
      effects: [{ type: 'schedule', monitorId: id }, ...ended.effects],
    }
  },
})
