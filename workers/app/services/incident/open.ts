import { OpenIncident } from '../../../../shared/contracts/incident.ts'
import { AppError } from '../../../../shared/errors.ts'
import { newId } from '../../../../shared/ids.ts'
import { found } from '../found.ts'
import { linksOfMonitor, monitorById } from '../monitor/rows.ts'
import { mutation, write } from '../mutation.ts'
import { alertEffects } from './alert.ts'
import { insertIncident, openIncidentOf } from './rows.ts'
import { incidentView } from './view.ts'

/** Said by the monitoring object when a monitor is down. Tells the monitor's integrations. */
export const openIncident = mutation({
  action: 'incident.open',
  scope: 'write',
  role: 'member',
  credentials: ['system'],
  input: OpenIncident,
  touches: ({ monitorId }) => [monitorId],
  load: (db, { workspaceId }, { monitorId }) => ({
    monitor: monitorById(db, workspaceId, monitorId),
    links: linksOfMonitor(db, workspaceId, monitorId),
    open: openIncidentOf(db, workspaceId, monitorId),
  }),
  run(db, context, { monitorId, startedAt, cause }, rows) {
    const monitor = found(rows.monitor, 'monitor')
    if (!monitor.active) throw new AppError('conflict', 'This monitor is paused.')
    if (rows.open.length > 0) throw new AppError('conflict', 'This monitor has an open incident already.')
    const { workspaceId } = context
    const row = { workspaceId, id: newId('incident'), monitorId, startedAt, resolvedAt: null, cause }
    const integrationIds = rows.links.map((link) => link.integrationId)
    return {
      entityId: row.id,
      before: null,
      after: { ...incidentView(row) },
      writes: [write(insertIncident(db, workspaceId, row))],
      effects: alertEffects(context, 'incident.opened', monitor, row, integrationIds),
    }
  },
})
