import { UpdateStatusPage } from '../../../../shared/contracts/status-page.ts'
import { found } from '../found.ts'
import { monitorIdsAmong } from '../monitor/rows.ts'
import { requireAll } from '../monitor/rules.ts'
import { mutation, write, writeAny, writeMany } from '../mutation.ts'
import { deletePlaces, insertPlaces, placesOf, setStatusPage, statusPageById } from './rows.ts'
import { statusPageView } from './view.ts'

/** What the input leaves out stays as it is. */
export const updateStatusPage = mutation({
  action: 'status_page.update',
  scope: 'write',
  role: 'member',
  route: 'PATCH /v1/status-pages/:id',
  input: UpdateStatusPage,
  touches: ({ id, slug, monitorIds = [] }) => [id, ...(slug === undefined ? [] : [`slug:${slug}`]), ...monitorIds],
  load: (db, { workspaceId }, { id, monitorIds }) => ({
    page: statusPageById(db, workspaceId, id),
    places: placesOf(db, workspaceId, id),
    monitors: monitorIdsAmong(db, workspaceId, monitorIds ?? []),
  }),
  run(db, { workspaceId, now }, { id, monitorIds, ...settings }, rows) {
    const before = found(rows.page, 'status page')
    const shownBefore = rows.places.map((place) => place.monitorId)
    requireAll(monitorIds ?? [], rows.monitors, 'monitorIds', 'monitor')
    const places = (monitorIds ?? []).map((monitorId, position) => ({ monitorId, position }))
    const changes = { ...settings, updatedAt: now }
    return {
      entityId: id,
      before: { ...statusPageView(before, shownBefore) },
      after: { ...statusPageView({ ...before, ...changes }, monitorIds ?? shownBefore) },
      writes: [
        write(setStatusPage(db, workspaceId, id, changes)),
        ...(monitorIds === undefined ? [] : [writeAny(deletePlaces(db, workspaceId, id))]),
        ...writeMany(places, (part) => insertPlaces(db, workspaceId, id, part)),
      ],
      rowsAfter: {
        page: [{ ...before, ...changes }],
        places: (monitorIds ?? shownBefore).map((monitorId) => ({ statusPageId: id, monitorId })),
        monitors: rows.monitors,
      },
    }
  },
})
