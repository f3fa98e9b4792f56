import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { Env } from '../../workers/app/bindings.ts'
import main from '../../workers/app/main.ts'
import type { OutboxMessage } from '../../workers/app/workspace/outbox.ts'

/** Hands messages to the queue's consumer as the platform does, and says what it wants done with each. */
export async function consume(messages: OutboxMessage[], attempts = 1, bindings: Env = env) {
  const batch = createMessageBatch<OutboxMessage>(
    'candor-outbox',
    messages.map((body) => ({ id: body.id, timestamp: Date.now(), attempts, body })),
  )
  // The result says which are to come again, but not when.
  const retries = batch.messages.map((one) => vi.spyOn(one, 'retry'))
  await main.queue(batch, bindings)
  const { explicitAcks } = await getQueueResult(batch, createExecutionContext())
  return messages.map(({ id }, i) =>
    explicitAcks.includes(id) ? 'done' : retries[i]?.mock.lastCall?.[0]?.delaySeconds,
  )
}
