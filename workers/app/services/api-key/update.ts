import { UpdateApiKey } from '../../../../shared/contracts/api-key.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { apiKeyById, setApiKey } from './rows.ts'
import { apiKeyView } from './view.ts'

/** Its name, and where it may be used. People only: a key cannot let itself in from elsewhere. */
export const updateApiKey = mutation({
  action: 'api_key.update',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'PATCH /v1/api-keys/:id',
  input: UpdateApiKey,
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({ key: apiKeyById(db, workspaceId, id) }),
  run(db, { workspaceId }, { id, name, allowedNetworks }, rows) {
    const before = found(rows.key, 'API key')
    if (before.revokedAt !== null) throw new AppError('conflict', 'This API key is revoked: nothing of it can change.')
    const changes = { name: name ?? before.name, allowedNetworks: allowedNetworks ?? before.allowedNetworks }
    return {
      entityId: id,
      before: { ...apiKeyView(before) },
      after: { ...apiKeyView({ ...before, ...changes }) },
      writes: [write(setApiKey(db, workspaceId, id, changes))],
      rowsAfter: { key: [{ ...before, ...changes }] },
    }
  },
})
