import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Env } from '../../workers/app/bindings.ts'
import main from '../../workers/app/main.ts'
import type { OutboxMessage } from '../../workers/app/workspace/outbox.ts'
import { statement } from './database.ts'

const HOUR_MS = 3_600_000

/** Effects as a change leaves them; later than now, so that the workspace's own drain leaves them to the test. */
const note = ({ workspaceId, id, effect }: OutboxMessage, attempt: number) =>
  statement(
    'INSERT OR REPLACE INTO outbox (workspace_id, id, effect, due_at, attempts) VALUES (?, ?, ?, ?, ?)',
    workspaceId,
    id,
    JSON.stringify(effect),
    Date.now() + HOUR_MS,
    attempt - 1,
  )

/**
 * Hands messages to the queue's consumer as the platform does, and says what became of each: `done`, the seconds until
 * it comes again, or that it was left to the queue.
 */
export async function consume(messages: OutboxMessage[], attempt = 1, bindings: Env = env) {
  await env.DB.batch(messages.map((message) => note(message, attempt)))
  const batch = createMessageBatch<OutboxMessage>(
    'candor-outbox',
    messages.map((body) => ({ id: body.id, timestamp: Date.now(), attempts: 1, body: { ...body, attempt } })),
  )
  const now = Date.now()
  await main.queue(batch, bindings)
  const { explicitAcks } = await getQueueResult(batch, createExecutionContext())
  return Promise.all(
    messages.map(async ({ workspaceId, id }) => {
      if (!explicitAcks.includes(id)) return 'left to the queue'
      const row = await statement(
        'SELECT due_at, attempts FROM outbox WHERE workspace_id = ? AND id = ?',
        workspaceId,
        id,
      ).first<{ due_at: number; attempts: number }>()
      return row ? Math.round((row.due_at - now) / 1000) : 'done'
    }),
  )
}
