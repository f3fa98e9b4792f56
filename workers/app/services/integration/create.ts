import { CreateIntegration } from '../../../../shared/contracts/integration.ts'
import { newId } from '../../../../shared/ids.ts'
import { requireRoom } from '../limits.ts'
import { mutation, oneMore, write } from '../mutation.ts'
import { checkConfig, sealConfig, withSigningSecret } from './config.ts'
import { countIntegrations, insertIntegration } from './rows.ts'
import { integrationView } from './view.ts'

export const createIntegration = mutation({
  action: 'integration.create',
  scope: 'write',
  role: 'member',
  route: 'POST /v1/integrations',
  input: CreateIntegration,
  touches: () => [],
  load: (db, { workspaceId }) => ({ count: countIntegrations(db, workspaceId) }),
  async run(db, context, { kind, name, config: given }, rows) {
    const { workspaceId, now, plan } = context
    requireRoom(plan, 'integrations', (rows.count[0]?.count ?? 0) + context.ahead)
    const { config, reveal } = withSigningSecret(checkConfig(kind, given, context.targets))
    const id = newId('integration')
    const row = { id, kind, name, ...(await sealConfig(context, id, config)), createdAt: now, updatedAt: now }
    return {
      entityId: id,
      before: null,
      after: { ...integrationView({ ...row, workspaceId }) },
      writes: [write(insertIntegration(db, workspaceId, row))],
      rowsAfter: { count: oneMore(rows.count) },
      reveal,
    }
  },
})
