import { RollApiKey } from '../../../../shared/contracts/api-key.ts'
import { AppError } from '../../../../shared/errors.ts'
import { newId } from '../../../../shared/ids.ts'
import type { apiKey } from '../../db/schema/api-key.ts'
import { found } from '../found.ts'
import { type MutationContext, mutation, write } from '../mutation.ts'
import { apiKeyById, insertApiKey, setApiKey } from './rows.ts'
import { apiKeyView } from './view.ts'

const HOUR_MS = 3_600_000

type Row = typeof apiKey.$inferSelect

function requireRollable({ revokedAt, expiresAt, rolledTo }: Row, now: number): void {
  if (rolledTo !== null)
    throw new AppError('conflict', `This API key was rolled already. Roll the new one, ${rolledTo}.`)
  if (revokedAt !== null) throw new AppError('conflict', 'This API key is revoked. Make a new one.')
  if (expiresAt !== null && expiresAt <= now) throw new AppError('conflict', 'This API key has ended. Make a new one.')
}

/** When the old key stops. Without an overlap it is revoked, so that no clock has a say in it. */
const endOf = ({ expiresAt }: Row, now: number, overlapHours: number) =>
  overlapHours === 0
    ? { revokedAt: now }
    : { expiresAt: Math.min(now + overlapHours * HOUR_MS, expiresAt ?? Number.POSITIVE_INFINITY) }

/** The key in its place: the same name, scope, networks and holder, and as long a life as the old one was made with. */
async function replacementOf(context: MutationContext, old: Row) {
  const { workspaceId, now, actor } = context
  const { name, scope, allowedNetworks } = old
  const id = newId('apiKey')
  const expiresAt = old.expiresAt === null ? null : now + old.expiresAt - old.createdAt
  const { token, hash } = await context.issueApiKey({ id, scope, expiresAt })
  const holder = old.handedTo ?? old.createdBy
  const row: Row = {
    ...{ workspaceId, id, name, scope, hash, allowedNetworks, expiresAt },
    createdBy: actor.id,
    handedTo: holder === actor.id ? null : holder,
    createdAt: now,
    revokedAt: null,
    remindedAt: null,
    expiredAt: null,
    rolledFrom: old.id,
    rolledTo: null,
    leak: null,
  }
  return { row, token }
}

/** A new key in the place of an old one, which goes on for a while. `after` is the old one, with the new one beside it. */
export const rollApiKey = mutation({
  action: 'api_key.roll',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'POST /v1/api-keys/:id/roll',
  input: RollApiKey,
  touches: ({ id }) => [id],
  load: (db, { workspaceId }, { id }) => ({ key: apiKeyById(db, workspaceId, id) }),
  async run(db, context, { id, overlapHours }, rows) {
    const { workspaceId, now } = context
    const before = found(rows.key, 'API key')
    requireRollable(before, now)
    const { row, token } = await replacementOf(context, before)
    const changes = { rolledTo: row.id, ...endOf(before, now, overlapHours) }
    return {
      entityId: id,
      before: { ...apiKeyView(before) },
      after: { ...apiKeyView({ ...before, ...changes }), replacement: apiKeyView(row) },
      writes: [write(setApiKey(db, workspaceId, id, changes)), write(insertApiKey(db, workspaceId, row))],
      reveal: { token },
    }
  },
})
