import { UpdateIntegration } from '../../../../shared/contracts/integration.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { checkConfig, openConfig, sealConfig } from './config.ts'
import { integrationById, setIntegration } from './rows.ts'
import { integrationView } from './view.ts'

/** Fields of the config that are left out keep what is sealed. */
export const updateIntegration = mutation({
  action: 'integration.update',
  scope: 'write',
  role: 'member',
  route: 'PATCH /v1/integrations/:id',
  input: UpdateIntegration,
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({ integration: integrationById(db, workspaceId, id) }),
  async run(db, context, { id, name, config }, rows) {
    const before = found(rows.integration, 'integration')
    const sealed =
      config &&
      (await sealConfig(
        context,
        id,
        checkConfig(before.kind, { ...(await openConfig(context, before)), ...config }, context.targets),
      ))
    const changes = { ...(name !== undefined && { name }), ...sealed, updatedAt: context.now }
    return {
      entityId: id,
      before: { ...integrationView(before) },
      after: { ...integrationView({ ...before, ...changes }) },
      rowsAfter: { integration: [{ ...before, ...changes }] },
      writes: [write(setIntegration(db, context.workspaceId, id, changes))],
    }
  },
})
