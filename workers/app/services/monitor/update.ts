import { UpdateMonitor } from '../../../../shared/contracts/monitor.ts'
import { found } from '../found.ts'
import { endIncident } from '../incident/end.ts'
import { openIncidentOf } from '../incident/rows.ts'
import { mutation, write, writeAny, writeMany } from '../mutation.ts'
import { deleteLinks, insertLinks, integrationIdsAmong, linksOfMonitor, monitorById, setMonitor } from './rows.ts'
import { requireAll, requireInterval, requireTarget } from './rules.ts'
import { sealBody, sealHeaders } from './seal.ts'
import { monitorView } from './view.ts'

/** What the input leaves out stays as it is. */
export const updateMonitor = mutation({
  action: 'monitor.update',
  scope: 'write',
  role: 'member',
  route: 'PATCH /v1/monitors/:id',
  input: UpdateMonitor,
  touches: ({ id, integrationIds = [] }) => [id, ...integrationIds],
  load: (db, { workspaceId }, { id, integrationIds }) => ({
    monitor: monitorById(db, workspaceId, id),
    links: linksOfMonitor(db, workspaceId, id),
    open: openIncidentOf(db, workspaceId, id),
    integrations: integrationIdsAmong(db, workspaceId, integrationIds ?? []),
  }),
  async run(db, context, input, rows) {
    const { workspaceId, now, seq } = context
    const before = found(rows.monitor, 'monitor')
    const { id, integrationIds, headers, body, ...settings } = input
    if (settings.url !== undefined) requireTarget(context.targets, settings.url)
    if (settings.intervalSeconds !== undefined) requireInterval(context, settings.intervalSeconds)
    const linksBefore = rows.links.map((link) => link.integrationId)
    const links = integrationIds === undefined ? linksBefore : [...new Set(integrationIds)]
    requireAll(integrationIds ?? [], rows.integrations, 'integrationIds', 'integration')

    const paused = before.active && settings.active === false
    const ended = endIncident(db, context, before, paused ? rows.open : [], linksBefore)
    const changes = {
      ...settings,
      ...(headers && (await sealHeaders(context, id, headers))),
      ...(body !== undefined && (await sealBody(context, id, body))),
      version: seq,
      updatedAt: now,
    }
    return {
      entityId: id,
      before: { ...monitorView(before, linksBefore) },
      after: { ...monitorView({ ...before, ...changes }, links), ...ended.noted },
      writes: [
        write(setMonitor(db, workspaceId, id, changes)),
        ...(integrationIds === undefined ? [] : [writeAny(deleteLinks(db, workspaceId, id))]),
        ...writeMany(integrationIds === undefined ? [] : links, (ids) => insertLinks(db, workspaceId, id, ids)),
        ...ended.writes,
      ],
      rowsAfter: {
        monitor: [{ ...before, ...changes }],
        links: links.toSorted().map((integrationId) => ({ monitorId: id, integrationId })),
        open: paused ? [] : rows.open,
        integrations: rows.integrations,
      },
      effects: [{ type: 'schedule', monitorId: id }, ...ended.effects],
    }
  },
})
