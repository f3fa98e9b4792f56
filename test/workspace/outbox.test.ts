import { runDurableObjectAlarm } from 'cloudflare:test'
import { beforeEach, expect, test, vi } from 'vitest'
import { ask, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { statement } from '../lib/database.ts'
import { until } from '../lib/monitoring.ts'
import { messagesSent, newReceiver, probeChanges, probeSays } from '../lib/probe.ts'

let ada: Person
beforeEach(async () => {
  await probeSays({ status: 204 })
  ada = await newPerson()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

const waiting = () =>
  statement('SELECT id, attempts, due_at FROM outbox WHERE workspace_id = ?', ada.workspaceId).first<{
    id: string
    attempts: number
  }>()

/** The moment at which the message is due has come. */
async function due(): Promise<void> {
  await statement('UPDATE outbox SET due_at = 0 WHERE workspace_id = ?', ada.workspaceId).run()
  await runDurableObjectAlarm(workspaceOf(ada.workspaceId))
}

test('a message that failed goes out again when it is due, not when its first try is given up for lost', async () => {
  const config = { url: newReceiver() }
  const made = await ask('POST', '/v1/integrations', { as: ada, body: { kind: 'webhook', name: 'on call', config } })
  await probeChanges({ status: 503, errorClass: 'http' })
  await ask('POST', `/v1/integrations/${made.body.id}/test`, { as: ada })
  await until('the first failure to be noted', async () => (await waiting())?.attempts === 1)
  await due()
  await until('the second failure to be noted', async () => (await waiting())?.attempts === 2)
  await probeSays({ status: 204 })
  await due()
  await until('the message to be delivered', async () => (await waiting()) === null)
  expect(await messagesSent(config.url)).toHaveLength(1)
})
