import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { apiKeyById, setApiKey } from './rows.ts'
import { apiKeyView } from './view.ts'

/** Mutations check their key in the same object, in turn: none is accepted after this one's answer. */
export const revokeApiKey = mutation({
  action: 'api_key.revoke',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'DELETE /v1/api-keys/:id',
  whileEnding: true,
  input: ById('apiKey'),
  load: (db, { workspaceId }, { id }) => ({ key: apiKeyById(db, workspaceId, id) }),
  run(db, { workspaceId, now }, { id }, rows) {
    const before = found(rows.key, 'API key')
    if (before.revokedAt !== null) throw new AppError('conflict', 'This API key is revoked already.')
    return {
      entityId: id,
      before: { ...apiKeyView(before) },
      after: { ...apiKeyView({ ...before, revokedAt: now }) },
      writes: [write(setApiKey(db, workspaceId, id, { revokedAt: now }))],
    }
  },
})
