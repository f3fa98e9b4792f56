import { isAddress, type MailRequest } from '../../../shared/domain/mail.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { configOf, type Env } from '../bindings.ts'
import { database } from '../db/client.ts'
import type { Sent } from '../mail/contract.ts'
import { retryDelaySeconds } from '../notifications/deliver.ts'
import { type DeliveryRow, deliveryById, noteDelivery } from '../services/delivery/rows.ts'
import { composeMail } from '../services/mail/register.ts'
import { MAX_ATTEMPTS } from './notify.ts'

/** Composes and hands over; says what came of it. */
async function post(env: Env, workspaceId: WorkspaceId, id: string, request: MailRequest): Promise<Sent> {
  const { mail: setup, publicUrl } = configOf(env)
  if (!setup) return { refused: true, why: 'Mail is not set up.' }
  const mail = await composeMail(database(env.DB), workspaceId, request, { publicUrl })
  if (!mail) return { refused: true, why: 'There was no reason for it any more.' }
  if (!isAddress(mail.to)) return { refused: true, why: 'There is no address that it could go to.' }
  return setup.driver.send(mail, { id, from: setup.from })
}

/**
 * Sends one mail, at least once, and notes what came of it, without its address. Answers the seconds until the next try, or
 * null when there is nothing left to do. A crash between the two sends it again, under the same id.
 */
export async function sendMail(
  env: Env,
  workspaceId: WorkspaceId,
  id: string,
  request: MailRequest,
  attempt: number,
): Promise<number | null> {
  const db = database(env.DB)
  const [noted] = await deliveryById(db, workspaceId, id)
  if (noted && noted.status !== 'waiting') return null
  const sent = await post(env, workspaceId, id, request)
  const waits = 'retry' in sent && attempt < MAX_ATTEMPTS
  const status: DeliveryRow['status'] = 'ok' in sent ? 'delivered' : waits ? 'waiting' : 'failed'
  const { kind } = request
  console.log(JSON.stringify({ event: `mail.${status}`, workspaceId, id, kind, attempt, why: sent.why }))
  await noteDelivery(db, workspaceId, {
    id,
    integrationId: '',
    event: `mail.${kind}`,
    monitorId: null,
    incidentId: null,
    status,
    attempts: (noted?.attempts ?? 0) + 1,
    message: sent.why,
    createdAt: noted?.createdAt ?? Date.now(),
    deliveredAt: status === 'delivered' ? Date.now() : null,
  })
  if (!waits) return null
  // As long as the service asks for, and never sooner than our own schedule.
  return Math.max(sent.afterSeconds ?? 0, retryDelaySeconds(attempt, Math.random()))
}
