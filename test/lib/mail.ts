import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { newId, type WorkspaceId } from '../../shared/ids.ts'
import type { OutboxMessage } from '../../workers/app/workspace/outbox.ts'
import { ask, type Person, workspaceOf } from './candor.ts'
import { pastTheGates, statement } from './database.ts'
import { made, settled } from './world.ts'

export const DAY_MS = 86_400_000

/** Keys that have ended are not looked for today: a test that compares what was before and after is not to see that. */
export const lookLater = (workspaceId: WorkspaceId) =>
  runInDurableObject(workspaceOf(workspaceId), (_, { storage }) => storage.kv.put('nextExpiry', Date.now() + DAY_MS))

/** A key that was made some days ago and ends in some days; by default its maker is to be told now. */
export async function endingKey(person: Person, { age = 85, left = 5, name = 'ci' } = {}): Promise<string> {
  const id = await made(person, 'api_key.create', { name, scope: 'write' })
  const now = Date.now()
  await lookLater(person.workspaceId)
  const times = 'UPDATE api_key SET created_at = ?, expires_at = ? WHERE id = ?'
  await pastTheGates([statement(times, now - age * DAY_MS, now + left * DAY_MS, id)])
  return id
}

/** Tonight's look for keys that end soon, or for what else is due, and all that follows from it. */
export async function tonight(workspaceId: WorkspaceId, due = 'nextReminders'): Promise<void> {
  const stub = workspaceOf(workspaceId)
  await runInDurableObject(stub, async (_, { storage }) => {
    storage.kv.put(due, 0)
    await storage.setAlarm(Date.now() + DAY_MS)
  })
  await runDurableObjectAlarm(stub)
  await settled()
}

export const addressOf = ({ userId }: Person) => `${userId.toLowerCase()}@example.test`

/** Paths of the mails to somebody in the mailbox of this machine, newest first. */
export async function mailsTo(person: Person): Promise<string[]> {
  const { text } = await ask('GET', '/mail')
  // An address has places where it may break.
  const rows = [...text.matchAll(/<tr>.*?<\/tr>/gs)].map(([row]) => row.replaceAll('<wbr>', ''))
  return rows.flatMap((row) => (row.includes(addressOf(person)) ? (/href="([^"]+)"/.exec(row)?.[1] ?? []) : []))
}

/** The mail about a key, on its way. */
export const aboutKey = ({ workspaceId }: Person, keyId: string): OutboxMessage => ({
  workspaceId,
  id: newId('outbox'),
  effect: { type: 'mail', mail: { kind: 'api_key_expiring', keyId } },
  attempt: 1,
})

/** What is noted of the messages of a workspace. */
export async function trailOf({ workspaceId }: Person) {
  const rows = 'SELECT id, event, status, attempts, message FROM delivery WHERE workspace_id = ? ORDER BY created_at'
  return (await env.DB.prepare(rows).bind(workspaceId).all()).results
}
