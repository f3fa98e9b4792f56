import { CreateApiKey } from '../../../../shared/contracts/api-key.ts'
import { newId } from '../../../../shared/ids.ts'
import { requireRoom } from '../limits.ts'
import { mutation, oneMore, write } from '../mutation.ts'
import { countApiKeys, insertApiKey } from './rows.ts'
import { apiKeyView } from './view.ts'

const DAY_MS = 86_400_000

/** People only: a key cannot make keys. The token is told once; only its hash is kept. */
export const createApiKey = mutation({
  action: 'api_key.create',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'POST /v1/api-keys',
  input: CreateApiKey,
  touches: () => [],
  load: (db, { workspaceId }) => ({ count: countApiKeys(db, workspaceId) }),
  async run(db, context, { name, scope, expiresInDays, allowedNetworks }, rows) {
    const { workspaceId, now, plan, actor } = context
    requireRoom(plan, 'apiKeys', (rows.count[0]?.count ?? 0) + context.ahead)
    const id = newId('apiKey')
    const expiresAt = expiresInDays === null ? null : now + expiresInDays * DAY_MS
    const { token, hash } = await context.issueApiKey({ id, scope, expiresAt })
    const times = { createdAt: now, expiresAt, revokedAt: null, remindedAt: null, expiredAt: null }
    const none = { handedTo: null, rolledFrom: null, rolledTo: null, leak: null }
    const row = { id, name, scope, hash, createdBy: actor.id, allowedNetworks, ...none, ...times }
    return {
      entityId: id,
      before: null,
      after: { ...apiKeyView({ ...row, workspaceId }) },
      writes: [write(insertApiKey(db, workspaceId, row))],
      rowsAfter: { count: oneMore(rows.count) },
      reveal: { token },
    }
  },
})
