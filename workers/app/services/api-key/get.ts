import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { apiKeyById } from './rows.ts'
import { apiKeyView } from './view.ts'

export const getApiKey = query({
  name: 'api_key.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/api-keys/:id',
  input: ById('apiKey'),
  load: (db, { workspaceId }, { id }) => ({ key: apiKeyById(db, workspaceId, id) }),
  answer: (_context, _input, rows) => apiKeyView(found(rows.key, 'API key')),
})
