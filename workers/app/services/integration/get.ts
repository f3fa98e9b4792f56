import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { integrationById } from './rows.ts'
import { integrationView } from './view.ts'

export const getIntegration = query({
  name: 'integration.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/integrations/:id',
  input: ById('integration'),
  load: (db, { workspaceId }, { id }) => ({ integration: integrationById(db, workspaceId, id) }),
  answer: (_context, _input, rows) => integrationView(found(rows.integration, 'integration')),
})
