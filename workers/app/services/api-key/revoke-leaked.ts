import { RevokeLeakedApiKey } from '../../../../shared/contracts/secret-scanning.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { apiKeyById, setApiKey, toldOfLeak } from './rows.ts'
import { apiKeyView } from './view.ts'

/**
 * Candor's own, when somebody has found a key in public: it is revoked, and its holder and the owner get a mail. The hash
 * is that of the very token, so that nobody revokes a key by another one that only names it.
 */
export const revokeLeakedApiKey = mutation({
  action: 'api_key.revoke_leaked',
  scope: 'write',
  role: 'admin',
  credentials: ['system'],
  input: RevokeLeakedApiKey,
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({
    key: apiKeyById(db, workspaceId, id),
    told: toldOfLeak(db, workspaceId, id),
  }),
  run(db, { workspaceId, now }, { id, hash, url, source }, { key, told }) {
    const before = found(
      key.filter((row) => row.hash === hash),
      'API key',
    )
    if (before.revokedAt !== null) throw new AppError('conflict', 'This API key is revoked already.')
    const changes = { revokedAt: now, leak: { reason: 'secret_scanning' as const, url, source } }
    return {
      entityId: id,
      before: { ...apiKeyView(before) },
      after: { ...apiKeyView({ ...before, ...changes }) },
      writes: [write(setApiKey(db, workspaceId, id, changes))],
      effects: told.map(({ userId }) => ({ type: 'mail', mail: { kind: 'api_key_leaked', keyId: id, userId } })),
    }
  },
})
