import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { mutation, write, writeAny } from '../mutation.ts'
import { deleteIntegrationRow, deleteLinksOfIntegration, integrationById, monitorsOfIntegration } from './rows.ts'
import { integrationView } from './view.ts'

/** Removes an integration and what was sealed for it. Monitors that told it tell it no more. */
export const deleteIntegration = mutation({
  action: 'integration.delete',
  scope: 'write',
  role: 'member',
  route: 'DELETE /v1/integrations/:id',
  input: ById('integration'),
  load: (db, { workspaceId }, { id }) => ({
    integration: integrationById(db, workspaceId, id),
    monitors: monitorsOfIntegration(db, workspaceId, id),
  }),
  run(db, { workspaceId }, { id }, rows) {
    const before = found(rows.integration, 'integration')
    return {
      entityId: id,
      // Monitors lose it without entries of their own: this one says which.
      before: { ...integrationView(before), monitorIds: rows.monitors.map((monitor) => monitor.monitorId) },
      after: null,
      writes: [
        writeAny(deleteLinksOfIntegration(db, workspaceId, id)),
        write(deleteIntegrationRow(db, workspaceId, id)),
      ],
    }
  },
})
