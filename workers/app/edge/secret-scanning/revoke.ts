import type { Context } from 'hono'
import { AppError } from '../../../../shared/errors.ts'
import { objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { revokeLeakedApiKey } from '../../services/api-key/revoke-leaked.ts'
import { apiKeyById } from '../../services/api-key/rows.ts'
import { NO_CLIENT } from '../../services/context.ts'
import type { Edge } from '../context.ts'
import type { FoundKey } from './judge.ts'

type C = Context<Edge>

/** Those that are still to be revoked. Asked of the database first, so that no object wakes for a key that there is not. */
async function working(c: C, keys: FoundKey[]): Promise<FoundKey[]> {
  const db = database(c.env.DB)
  const [first, ...rest] = keys.map(({ workspaceId, keyId }) => apiKeyById(db, workspaceId, keyId))
  if (!first) return []
  const rows = (await db.batch([first, ...rest])).flat()
  const isWorking = ({ workspaceId, keyId, hash }: FoundKey) =>
    rows.some(
      (row) => row.workspaceId === workspaceId && row.id === keyId && row.hash === hash && row.revokedAt === null,
    )
  return keys.filter(isWorking)
}

/** True when the key does not work any more: revoked now, or by somebody else meanwhile. */
async function revoke(c: C, { workspaceId, keyId, hash, url, source }: FoundKey): Promise<boolean> {
  const answer = await objectOf(c.env.WORKSPACE, c.env, workspaceId).mutate({
    action: revokeLeakedApiKey.action,
    input: { id: keyId, hash, url, source },
    credential: { type: 'system', workspaceId, name: 'secret_scanning' },
    surface: 'system',
    requestId: c.get('requestId'),
    idempotencyKey: null,
    client: NO_CLIENT,
  })
  if (answer.ok || answer.code === 'conflict') return true
  console.error(JSON.stringify({ event: 'secret_scanning.not_revoked', workspaceId, keyId, code: answer.code }))
  return false
}

/** Revokes keys that were found in public. Throws `unavailable` when one of them still works afterwards. */
export async function revokeFound(c: C, keys: FoundKey[]): Promise<void> {
  const revoked = await Promise.all((await working(c, keys)).map((key) => revoke(c, key)))
  if (revoked.includes(false))
    throw new AppError('unavailable', 'Not every key could be revoked just now. Send the report again.')
}
