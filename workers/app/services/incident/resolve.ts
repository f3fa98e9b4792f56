import { ResolveIncident } from '../../../../shared/contracts/incident.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { linksOfMonitor, monitorById } from '../monitor/rows.ts'
import { mutation, write } from '../mutation.ts'
import { alertEffects } from './alert.ts'
import { openIncidentOf, setResolved } from './rows.ts'
import { incidentView } from './view.ts'

/** Said by the monitoring object when a monitor has recovered. Tells the monitor's integrations. */
export const resolveIncident = mutation({
  action: 'incident.resolve',
  scope: 'write',
  role: 'member',
  credentials: ['system'],
  input: ResolveIncident,
  touches: ({ monitorId }) => [monitorId],
  load: (db, { workspaceId }, { monitorId }) => ({
    monitor: monitorById(db, workspaceId, monitorId),
    links: linksOfMonitor(db, workspaceId, monitorId),
    open: openIncidentOf(db, workspaceId, monitorId),
  }),
  run(db, context, { monitorId, resolvedAt }, rows) {
    const monitor = found(rows.monitor, 'monitor')
    const [before] = rows.open
    if (!before) throw new AppError('conflict', `The monitor ${monitorId} has no open incident.`)
    const after = { ...before, resolvedAt: Math.max(resolvedAt, before.startedAt) }
    const integrationIds = rows.links.map((link) => link.integrationId)
    return {
      entityId: before.id,
      before: { ...incidentView(before) },
      after: { ...incidentView(after) },
      writes: [write(setResolved(db, context.workspaceId, before.id, after.resolvedAt))],
      effects: alertEffects(context, 'incident.resolved', monitor, after, integrationIds),
    }
  },
})
