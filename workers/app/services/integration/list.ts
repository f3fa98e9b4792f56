import { PageRequest } from '../../../../shared/contracts/common.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { integrationPage } from './rows.ts'
import { integrationView } from './view.ts'

export const listIntegrations = query({
  name: 'integration.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/integrations',
  input: PageRequest,
  load: (db, { workspaceId }, { cursor, limit }) => ({
    integrations: integrationPage(db, workspaceId, decodeCursor(cursor), limit + 1),
  }),
  answer: (_context, { limit }, { integrations }) =>
    toPage(integrations, limit, integrationView, (row) => [row.createdAt, row.id]),
})
