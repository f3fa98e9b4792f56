import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { mutation } from '../mutation.ts'
import { integrationById } from './rows.ts'
import { integrationView } from './view.ts'

/** Sends a test message: it changes no row, but something goes out, so it is `write` and an entry. */
export const testIntegration = mutation({
  action: 'integration.test',
  scope: 'write',
  role: 'member',
  limits: ['sends'],
  route: 'POST /v1/integrations/:id/test',
  input: ById('integration'),
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({ integration: integrationById(db, workspaceId, id) }),
  run(_db, context, { id }, rows) {
    const view = { ...integrationView(found(rows.integration, 'integration')) }
    return {
      entityId: id,
      before: view,
      after: view,
      writes: [],
      rowsAfter: rows,
      effects: [
        {
          type: 'notify',
          integrationId: id,
          event: {
            type: 'test',
            at: new Date(context.now).toISOString(),
            workspace: { id: context.workspaceId, name: context.workspaceName },
            monitor: null,
            incident: null,
            url: `${context.publicUrl}/integrations`,
          },
        },
      ],
    }
  },
})
