import { ById } from '../../../../shared/contracts/common.ts'
import { isTimeToRemind } from '../../../../shared/domain/api-key.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { apiKeyForMail, setApiKey } from './rows.ts'
import { apiKeyView } from './view.ts'

/** Candor's own, at night: tells the holder of a key that it ends soon. Once a key, whatever becomes of the mail. */
export const remindOfApiKey = mutation({
  action: 'api_key.remind',
  scope: 'write',
  role: 'admin',
  credentials: ['system'],
  whileEnding: true,
  input: ById('apiKey'),
  load: (db, { workspaceId }, { id }) => ({ key: apiKeyForMail(db, workspaceId, id) }),
  run(db, { workspaceId, now }, { id }, rows) {
    const before = found(rows.key, 'API key with somebody to tell')
    if (before.revokedAt !== null || before.remindedAt !== null || !isTimeToRemind(before, now))
      throw new AppError('conflict', 'It is not the time to tell of this key.')
    return {
      entityId: id,
      before: { ...apiKeyView(before) },
      after: { ...apiKeyView({ ...before, remindedAt: now }) },
      writes: [write(setApiKey(db, workspaceId, id, { remindedAt: now }))],
      effects: [{ type: 'mail', mail: { kind: 'api_key_expiring', keyId: id } }],
    }
  },
})
