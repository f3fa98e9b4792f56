import { afterEach, expect, test, vi } from 'vitest'
import { setPlan } from '../lib/audit.ts'
import { ask, MONITOR, newPerson } from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { DAY_MS, tonight } from '../lib/mail.ts'
import { made } from '../lib/world.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('where mail is not set up no monitor is paused because nobody uses its workspace: nobody could be told', async () => {
  const person = await newPerson()
  const id = await made(person, 'monitor.create', { ...MONITOR, intervalSeconds: 3600, active: true })
  await setPlan(person, 'free')
  expect((await ask('GET', '/settings', { as: person })).text).not.toContain('the monitors are paused')
  const begun = Date.now()
  for (const day of [61, 75, 90]) {
    vi.useFakeTimers({ toFake: ['Date'], now: begun + day * DAY_MS })
    await tonight(person.workspaceId, 'nextPause')
  }
  const monitor = (await rowsOf('monitor')).find((row) => row.id === id)
  const workspace = (await rowsOf('workspace')).find((row) => row.workspace_id === person.workspaceId)
  expect([monitor?.active, workspace?.pause_told_at]).toEqual([1, null])
})
