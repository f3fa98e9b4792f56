import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { apiKeyById, setApiKey } from './rows.ts'
import { apiKeyView } from './view.ts'

/**
 * Candor's own, within a day: notes that a key has ended by itself. It is refused from its end on, whether that was noted or
 * not; so the log says why a key that nobody revoked does nothing any more.
 */
export const expireApiKey = mutation({
  action: 'api_key.expire',
  scope: 'write',
  role: 'admin',
  credentials: ['system'],
  whileEnding: true,
  input: ById('apiKey'),
  load: (db, { workspaceId }, { id }) => ({ key: apiKeyById(db, workspaceId, id) }),
  run(db, { workspaceId, now }, { id }, { key }) {
    const before = found(key, 'API key')
    const { expiresAt, revokedAt, expiredAt } = before
    if (revokedAt !== null || expiredAt !== null || expiresAt === null || expiresAt > now)
      throw new AppError('conflict', 'This key has not ended by itself, or that was noted before.')
    return {
      entityId: id,
      before: { ...apiKeyView(before) },
      after: { ...apiKeyView({ ...before, expiredAt: now }) },
      writes: [write(setApiKey(db, workspaceId, id, { expiredAt: now }))],
    }
  },
})
