import { isOver } from '../../../shared/domain/grace.ts'
import { logFault } from '../../../shared/fault.ts'
import { asWorkspaceId, type WorkspaceId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import { database } from '../db/client.ts'
import type { Effect } from '../db/schema/outbox.ts'
import { retryDelaySeconds } from '../notifications/deliver.ts'
import { deleteEffect, postponeEffect } from '../services/outbox/rows.ts'
import { workspaceById } from '../services/workspace/rows.ts'
import type { OutboxMessage } from '../workspace/outbox.ts'
import { sendMail } from './mail.ts'
import { notify } from './notify.ts'
import { schedule } from './schedule.ts'

/** The queue's consumer. Each message is answered by itself, so one that fails does not repeat the others. */
export async function consumeOutbox(batch: MessageBatch<OutboxMessage>, env: Env): Promise<void> {
  await Promise.all(batch.messages.map((message) => consumeOne(message, env)))
}

/** What the scheduler is told as it is. */
async function tellScheduler(
  env: Env,
  workspaceId: WorkspaceId,
  effect: Extract<Effect, { type: 'check' | 'suspend' }>,
): Promise<void> {
  const monitoring = objectOf(env.MONITORING, env, workspaceId)
  if (effect.type === 'check') await monitoring.checkNow(effect.monitorId)
  else await monitoring.suspend(effect.suspended, effect.version)
}

/** Whether a workspace is there: what comes for one that is over must not bring anything of it back. */
async function isThere(env: Env, workspaceId: WorkspaceId): Promise<boolean> {
  const [row] = await workspaceById(database(env.DB), workspaceId)
  return row !== undefined && !isOver(row.endsAt, Date.now())
}

/** Lets an effect happen. Answers the seconds until the next try, or null when it has happened or never will. */
async function happen(
  env: Env,
  workspaceId: WorkspaceId,
  { id, effect, attempt }: OutboxMessage,
): Promise<number | null> {
  try {
    if (!(await isThere(env, workspaceId))) return null
    if (effect.type === 'notify') return await notify(env, workspaceId, id, effect, attempt)
    if (effect.type === 'mail') return await sendMail(env, workspaceId, id, effect.mail, attempt)
    if (effect.type === 'schedule') await schedule(env, workspaceId, effect.monitorId)
    else await tellScheduler(env, workspaceId, effect)
    return null
  } catch (error) {
    logFault('effect.failed', error, { workspaceId, id, type: effect.type, attempt })
    // A fault of ours is tried until it is over: what was committed has to happen.
    return retryDelaySeconds(attempt, Math.random())
  }
}

/**
 * The outbox row, not the queue, remembers what is still to do: it goes when the effect has happened, and is put off when
 * it has not. Only when that cannot be noted is the message left to the queue.
 */
async function consumeOne(message: Message<OutboxMessage>, env: Env): Promise<void> {
  const { id } = message.body
  const workspaceId = asWorkspaceId(message.body.workspaceId)
  if (!workspaceId) return message.ack()
  const again = await happen(env, workspaceId, message.body)
  const db = database(env.DB)
  try {
    if (again === null) await deleteEffect(db, workspaceId, id)
    else {
      const dueAt = Date.now() + again * 1000
      await postponeEffect(db, workspaceId, id, dueAt)
      await objectOf(env.WORKSPACE, env, workspaceId).wakeAt(dueAt)
    }
    message.ack()
  } catch (error) {
    logFault('effect.not_noted', error, { workspaceId, id })
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts, Math.random()) })
  }
}
