import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { endIncident } from '../incident/end.ts'
import { deleteIncidentsOfMonitor, openIncidentOf } from '../incident/rows.ts'
import { mutation, write, writeAny } from '../mutation.ts'
import { deleteFromPages, deleteLinks, deleteMonitorRow, linksOfMonitor, monitorById, pagesOfMonitor } from './rows.ts'
import { monitorView } from './view.ts'

/** Removes a monitor, its incidents and its places on pages. What it was stays in the audit log. */
export const deleteMonitor = mutation({
  action: 'monitor.delete',
  scope: 'write',
  role: 'member',
  route: 'DELETE /v1/monitors/:id',
  input: ById('monitor'),
  load: (db, { workspaceId }, { id }) => ({
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
    pages: pagesOfMonitor(db, workspaceId, id),
    open: openIncidentOf(db, workspaceId, id),
  }),
  run(db, context, { id }, rows) {
    const { workspaceId } = context
    const before = found(rows.monitor, 'monitor')
    const links = rows.links.map((link) => link.integrationId)
    const ended = endIncident(db, context, before, rows.open, links)
    return {
      entityId: id,
      // Pages lose it without entries of their own: this one says which.
      before: { ...monitorView(before, links), statusPageIds: rows.pages.map((page) => page.statusPageId) },
      after: null,
      writes: [
        ...ended.writes,
        writeAny(deleteLinks(db, workspaceId, id)),
        writeAny(deleteFromPages(db, workspaceId, id)),
        writeAny(deleteIncidentsOfMonitor(db, workspaceId, id)),
        write(deleteMonitorRow(db, workspaceId, id)),
      ],
      effects: [{ type: 'schedule', monitorId: id }, ...ended.effects],
    }
  },
})
