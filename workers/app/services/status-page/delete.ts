import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { mutation, write, writeAny } from '../mutation.ts'
import { deletePlaces, deleteStatusPageRow, placesOf, statusPageById } from './rows.ts'
import { statusPageView } from './view.ts'

export const deleteStatusPage = mutation({
  action: 'status_page.delete',
  scope: 'write',
  role: 'member',
  route: 'DELETE /v1/status-pages/:id',
  input: ById('statusPage'),
  load: (db, { workspaceId }, { id }) => ({
    page: statusPageById(db, workspaceId, id),
    places: placesOf(db, workspaceId, id),
  }),
  run(db, { workspaceId }, { id }, rows) {
    const before = found(rows.page, 'status page')
    return {
      entityId: id,
      before: {
        ...statusPageView(
          before,
          rows.places.map((place) => place.monitorId),
        ),
      },
      after: null,
      writes: [writeAny(deletePlaces(db, workspaceId, id)), write(deleteStatusPageRow(db, workspaceId, id))],
    }
  },
})
