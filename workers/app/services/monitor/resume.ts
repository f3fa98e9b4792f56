import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { linksOfMonitor, monitorById, setMonitor } from './rows.ts'
import { monitorView } from './view.ts'

/** Starts the checks again; the first one is made at once. */
export const resumeMonitor = mutation({
  action: 'monitor.resume',
  scope: 'write',
  role: 'member',
  route: 'POST /v1/monitors/:id/resume',
  input: ById('monitor'),
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
  }),
  run(db, { workspaceId, now, seq }, { id }, rows) {
    const before = found(rows.monitor, 'monitor')
    if (before.active) throw new AppError('conflict', 'This monitor is running already.')
    const links = rows.links.map((link) => link.integrationId)
    const changes = { active: true, version: seq, updatedAt: now }
    return {
      entityId: id,
      before: { ...monitorView(before, links) },
      after: { ...monitorView({ ...before, ...changes }, links) },
      writes: [write(setMonitor(db, workspaceId, id, changes))],
      effects: [{ type: 'schedule', monitorId: id }],
    }
  },
})
