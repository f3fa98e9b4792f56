import type { ApiKeyView } from '../../../../shared/contracts/api-key.ts'
import { PageRequest } from '../../../../shared/contracts/common.ts'
import { keyFlags } from '../../../../shared/domain/api-key.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { apiKeyPage } from './rows.ts'
import { apiKeyView } from './view.ts'

/** Revoked keys stay in the list: the log refers to them. */
export const listApiKeys = query({
  name: 'api_key.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/api-keys',
  input: PageRequest,
  load: (db, { workspaceId }, { cursor, limit }) => ({
    keys: apiKeyPage(db, workspaceId, decodeCursor(cursor), limit + 1),
  }),
  answer: ({ now }, { limit }, { keys }) =>
    toPage(
      keys,
      limit,
      ({ lastUsedOn, ...row }): ApiKeyView => {
        const view = { ...apiKeyView(row), lastUsedOn }
        return { ...view, flags: keyFlags(view, now) }
      },
      (row) => [row.createdAt, row.id],
    ),
})
