import { CreateStatusPage } from '../../../../shared/contracts/status-page.ts'
import { newId } from '../../../../shared/ids.ts'
import { requireRoom } from '../limits.ts'
import { monitorIdsAmong } from '../monitor/rows.ts'
import { requireAll } from '../monitor/rules.ts'
import { mutation, oneMore, write, writeMany } from '../mutation.ts'
import { countStatusPages, insertPlaces, insertStatusPage } from './rows.ts'
import { statusPageView } from './view.ts'

/** A slug that somebody has is refused by the database, whoever that is. */
export const createStatusPage = mutation({
  action: 'status_page.create',
  scope: 'write',
  role: 'member',
  route: 'POST /v1/status-pages',
  input: CreateStatusPage,
  touches: ({ slug, monitorIds }) => [`slug:${slug}`, ...monitorIds],
  load: (db, { workspaceId }, { monitorIds }) => ({
    count: countStatusPages(db, workspaceId),
    monitors: monitorIdsAmong(db, workspaceId, monitorIds),
  }),
  run(db, context, { title, slug, monitorIds }, rows) {
    const { workspaceId, now, plan } = context
    requireRoom(plan, 'statusPages', (rows.count[0]?.count ?? 0) + context.ahead)
    requireAll(monitorIds, rows.monitors, 'monitorIds', 'monitor')
    const row = { id: newId('statusPage'), title, slug, createdAt: now, updatedAt: now }
    const places = monitorIds.map((monitorId, position) => ({ monitorId, position }))
    return {
      entityId: row.id,
      before: null,
      after: { ...statusPageView({ ...row, workspaceId }, monitorIds) },
      writes: [
        write(insertStatusPage(db, workspaceId, row)),
        ...writeMany(places, (part) => insertPlaces(db, workspaceId, row.id, part)),
      ],
      rowsAfter: { ...rows, count: oneMore(rows.count) },
    }
  },
})
