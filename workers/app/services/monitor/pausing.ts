import type { Db } from '../../db/client.ts'
import { endIncident } from '../incident/end.ts'
import type { openIncidentOf } from '../incident/rows.ts'
import { type Decision, type MutationContext, write } from '../mutation.ts'
import { type linksOfMonitor, type MonitorRow, setMonitor } from './rows.ts'
import { monitorView } from './view.ts'

interface Rows {
  links: Awaited<ReturnType<typeof linksOfMonitor>>
  open: Awaited<ReturnType<typeof openIncidentOf>>
}

/** What it is to pause a monitor that runs. An incident that is open ends with it: nobody would see the recovery. */
export function pausing(
  db: Db,
  context: MutationContext,
  before: MonitorRow,
  rows: Rows,
): Omit<Required<Decision>, 'rowsAfter' | 'reveal'> {
  const { workspaceId, now, seq } = context
  const links = rows.links.map((link) => link.integrationId)
  const ended = endIncident(db, context, before, rows.open, links)
  const changes = { active: false, version: seq, updatedAt: now }
  return {
    entityId: before.id,
    before: { ...monitorView(before, links) },
    after: { ...monitorView({ ...before, ...changes }, links), ...ended.noted },
    writes: [write(setMonitor(db, workspaceId, before.id, changes)), ...ended.writes],
    effects: [{ type: 'schedule', monitorId: before.id }, ...ended.effects],
  }
}
