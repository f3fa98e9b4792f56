import type { Db } from '../../db/client.ts'
import type { Effect } from '../../db/schema/outbox.ts'
import type { MonitorRow } from '../monitor/rows.ts'
import { type MutationContext, type Write, write } from '../mutation.ts'
import { alertEffects } from './alert.ts'
import { type IncidentRow, setResolved } from './rows.ts'

/**
 * Ends the open incident of a monitor that will not be checked any more: nobody would see it recover, and a receiver
 * that was told of the outage would wait for ever.
 */
export function endIncident(
  db: Db,
  context: MutationContext,
  monitor: MonitorRow,
  [open]: IncidentRow[],
  integrationIds: string[],
): { writes: Write[]; effects: Effect[]; noted: { resolvedIncidentId?: string } } {
  if (!open) return { writes: [], effects: [], noted: {} }
  const resolvedAt = Math.max(context.now, open.startedAt)
  return {
    writes: [write(setResolved(db, context.workspaceId, open.id, resolvedAt))],
    effects: alertEffects(context, 'incident.resolved', monitor, { ...open, resolvedAt }, integrationIds),
    noted: { resolvedIncidentId: open.id },
  }
}
