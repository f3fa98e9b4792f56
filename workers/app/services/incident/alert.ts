import type { AlertEvent } from '../../../../shared/domain/alert.ts'
import type { Effect } from '../../db/schema/outbox.ts'
import type { Context } from '../context.ts'
import type { MonitorRow } from '../monitor/rows.ts'
import type { IncidentRow } from './rows.ts'

/** One message to every integration of the monitor. */
export function alertEffects(
  context: Context & { publicUrl: string },
  type: AlertEvent['type'],
  monitor: MonitorRow,
  incident: IncidentRow,
  integrationIds: string[],
): Effect[] {
  const event: AlertEvent = {
    type,
    at: new Date(context.now).toISOString(),
    workspace: { id: context.workspaceId, name: context.workspaceName },
    monitor: { id: monitor.id, name: monitor.name, url: monitor.url },
    incident: {
      id: incident.id,
      startedAt: new Date(incident.startedAt).toISOString(),
      resolvedAt: incident.resolvedAt === null ? null : new Date(incident.resolvedAt).toISOString(),
      cause: incident.cause.message,
    },
    url: `${context.publicUrl}/monitors/${monitor.id}`,
  }
  return integrationIds.map((integrationId) => ({ type: 'notify', integrationId, event }))
}
