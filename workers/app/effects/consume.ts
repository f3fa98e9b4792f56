import { asWorkspaceId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import { retryDelaySeconds } from '../notifications/deliver.ts'
import type { OutboxMessage } from '../workspace/outbox.ts'
import { notify } from './notify.ts'
import { schedule } from './schedule.ts'

/** The queue's consumer. Each message is answered by itself, so one that fails does not repeat the others. */
export async function consumeOutbox(batch: MessageBatch<OutboxMessage>, env: Env): Promise<void> {
  await Promise.all(batch.messages.map((message) => consumeOne(message, env)))
}

async function consumeOne(message: Message<OutboxMessage>, env: Env): Promise<void> {
  const { id, effect } = message.body
  const workspaceId = asWorkspaceId(message.body.workspaceId)
  try {
    if (!workspaceId) throw new Error('no workspace')
    if (effect.type === 'schedule') await schedule(env, workspaceId, effect.monitorId)
    else if (effect.type === 'check') await objectOf(env.MONITORING, env, workspaceId).checkNow(effect.monitorId)
    else {
      const again = await notify(env, workspaceId, id, effect, message.attempts)
      if (again !== null) return message.retry({ delaySeconds: again })
    }
    message.ack()
  } catch (error) {
    console.error(JSON.stringify({ event: 'effect.failed', id, type: effect.type, error: String(error).slice(0, 200) }))
    // Our own side failed. The queue gives a message up after some tries, so they are spread over hours as well.
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts, Math.random()) })
  }
}
