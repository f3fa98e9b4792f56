import type { SendAnswer, SendRequest } from '../../../shared/domain/check.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { canMail, configOf, type Env, objectOf } from '../bindings.ts'
import { open } from '../crypto/sealed.ts'
import { database } from '../db/client.ts'
import type { Effect } from '../db/schema/outbox.ts'
import { deliver, retryDelaySeconds } from '../notifications/deliver.ts'
import { PROVIDERS } from '../notifications/register.ts'
import { type DeliveryRow, deliveryById, noteDelivery, tellOfFailure } from '../services/delivery/rows.ts'
import { integrationById } from '../services/integration/rows.ts'
import { workspaceKeys } from '../services/workspace/rows.ts'

type Notify = Extract<Effect, { type: 'notify' }>

/** A receiver that fails this often, over ten hours or so, is given up. */
export const MAX_ATTEMPTS = 9

/** A fault of ours is no answer of the receiver's: the message is tried again, and the trail says so. */
const NOT_SENT: SendAnswer = {
  status: 0,
  errorClass: 'probe_internal',
  message: 'The message could not be sent on our side.',
  bodyStart: '',
  latencyMs: 0,
  retryAfterSeconds: null,
}

/** Sends through a probe: the only place that reaches addresses which people typed. */
async function send(env: Env, request: SendRequest): Promise<SendAnswer> {
  try {
    const response = await env.PROBE_LOCAL.fetch('https://probe/send', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    if (!response.ok) throw new Error(`The probe answered ${response.status}.`)
    return await response.json()
  } catch (error) {
    console.error(JSON.stringify({ event: 'probe.failed', error: String(error).slice(0, 200) }))
    return NOT_SENT
  }
}

/**
 * Delivers one message, at least once, and notes what came of it. Answers the seconds until the next try, or null when
 * there is nothing left to do. The outbox id is the message's id for the receiver, stable over repeats.
 */
export async function notify(
  env: Env,
  workspaceId: WorkspaceId,
  id: string,
  { integrationId, event }: Notify,
  attempt: number,
): Promise<number | null> {
  const db = database(env.DB)
  const [[noted], [integration], keys] = await db.batch([
    deliveryById(db, workspaceId, id),
    integrationById(db, workspaceId, integrationId),
    workspaceKeys(db, workspaceId),
  ])
  if (noted && noted.status !== 'waiting') return null
  const row: Omit<DeliveryRow, 'workspaceId'> = {
    id,
    integrationId,
    event: event.type,
    monitorId: event.monitor?.id ?? null,
    incidentId: event.incident?.id ?? null,
    status: 'waiting',
    attempts: (noted?.attempts ?? 0) + 1,
    message: '',
    createdAt: noted?.createdAt ?? Date.now(),
    deliveredAt: null,
  }
  const note = (changes: Partial<typeof row>) => noteDelivery(db, workspaceId, { ...row, ...changes })
  const provider = integration && PROVIDERS[integration.kind]
  if (!provider) {
    await note({ status: 'failed', message: 'The integration was removed before the message went out.' })
    return null
  }
  const place = { workspaceId, table: 'integration', rowId: integration.id, column: 'sealed_config' }
  const secret = await open(configOf(env).keyring, keys, place, integration.sealedConfig)
  const config: Record<string, string> = JSON.parse(secret.reveal())
  const delivery = { id, at: Date.now() }
  const outcome = await deliver({ provider, config, event, delivery }, (request) => send(env, request))
  if (outcome.delivered) {
    await note({ status: 'delivered', message: outcome.message, deliveredAt: Date.now() })
    return null
  }
  if (outcome.permanent || attempt >= MAX_ATTEMPTS) {
    const failed = note({ status: 'failed', message: outcome.message })
    if (!canMail(configOf(env))) await failed
    else {
      await db.batch([tellOfFailure(db, workspaceId, row), failed])
      await objectOf(env.WORKSPACE, env, workspaceId).wakeAt(Date.now())
    }
    return null
  }
  await note({ status: 'waiting', message: outcome.message })
  // As long as the receiver asks for, and never sooner than our own schedule: it asks for nothing with "0".
  return Math.max(outcome.retryAfterSeconds ?? 0, retryDelaySeconds(attempt, Math.random()))
}
