import { CreateMonitor } from '../../../../shared/contracts/monitor.ts'
import { newId } from '../../../../shared/ids.ts'
import { requireRoom } from '../limits.ts'
import { mutation, oneMore, write, writeMany } from '../mutation.ts'
import { countMonitors, insertLinks, insertMonitor, integrationIdsAmong } from './rows.ts'
import { requireAll, requireInterval, requireTarget } from './rules.ts'
import { sealBody, sealHeaders } from './seal.ts'
import { monitorView } from './view.ts'

export const createMonitor = mutation({
  action: 'monitor.create',
  scope: 'write',
  role: 'member',
  route: 'POST /v1/monitors',
  input: CreateMonitor,
  touches: ({ integrationIds }) => integrationIds,
  load: (db, { workspaceId }, { integrationIds }) => ({
    count: countMonitors(db, workspaceId),
    integrations: integrationIdsAmong(db, workspaceId, integrationIds),
  }),
  async run(db, context, input, rows) {
    const { workspaceId, now, plan, seq } = context
    requireRoom(plan, 'monitors', (rows.count[0]?.count ?? 0) + context.ahead)
    requireTarget(context.targets, input.url)
    requireInterval(context, input.intervalSeconds)
    const integrationIds = [...new Set(input.integrationIds)]
    requireAll(integrationIds, rows.integrations, 'integrationIds', 'integration')

    const id = newId('monitor')
    const { integrationIds: _links, headers, body, ...settings } = input
    const row = {
      ...settings,
      id,
      ...(await sealHeaders(context, id, headers)),
      ...(await sealBody(context, id, body)),
      version: seq,
      createdAt: now,
      updatedAt: now,
    }
    return {
      entityId: id,
      before: null,
      after: { ...monitorView({ ...row, workspaceId }, integrationIds) },
      writes: [
        write(insertMonitor(db, workspaceId, row)),
        ...writeMany(integrationIds, (ids) => insertLinks(db, workspaceId, id, ids)),
      ],
      rowsAfter: { ...rows, count: oneMore(rows.count) },
      effects: [{ type: 'schedule', monitorId: id }],
    }
  },
})
