import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test, vi } from 'vitest'
import { ask, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { soundLog } from '../lib/log.ts'
import { DAY_MS, endingKey } from '../lib/mail.ts'
import { made, settled } from '../lib/world.ts'

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})

/** The next alarm, at whatever time of the day its look for keys is due. */
async function nextLook() {
  const stub = workspaceOf(ada.workspaceId)
  await runInDurableObject(stub, async (_, { storage }) => {
    storage.kv.delete('nextExpiry')
    await storage.setAlarm(Date.now() + DAY_MS)
  })
  await runDurableObjectAlarm(stub)
  await settled()
}
const noted = async () =>
  (await soundLog(ada.workspaceId)).map(({ leaf }) => leaf).filter(({ action }) => action === 'api_key.expire')

test('a key that has ended by itself is noted, once, as Candor\u2019s own doing', async () => {
  const id = await endingKey(ada, { left: -1 })
  for (let look = 0; look < 3; look++) await nextLook()
  const { expiredAt } = (await ask('GET', `/v1/api-keys/${id}`, { as: ada })).body
  expect(Date.parse(expiredAt)).toBeGreaterThan(Date.now() - 60_000)
  expect(await noted()).toMatchObject([
    {
      surface: 'system',
      actor: { type: 'system', id: 'expiry' },
      user: null,
      entity: { type: 'api_key', id },
      before: { expiredAt: null },
      after: { expiredAt },
      changed: ['expiredAt'],
      outcome: 'ok',
    },
  ])
})

test('a key that still works, has no end, or was revoked before it is not', async () => {
  await endingKey(ada, { left: 1 })
  await newApiKey(ada, 'read', null)
  await made(ada, 'api_key.revoke', { id: await endingKey(ada, { left: -1 }) })
  await nextLook()
  expect(await noted()).toEqual([])
})

test('it is looked for once a day', async () => {
  await nextLook()
  const id = await endingKey(ada, { left: -1 })
  const stub = workspaceOf(ada.workspaceId)
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + DAY_MS))
  await runDurableObjectAlarm(stub)
  expect(await noted()).toEqual([])
  const now = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => now() + DAY_MS + 1000)
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(now() + DAY_MS))
  await runDurableObjectAlarm(stub)
  await settled()
  expect(await noted()).toMatchObject([{ entity: { id } }])
})
