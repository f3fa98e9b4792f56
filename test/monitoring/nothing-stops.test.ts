import { createScheduledController, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import main from '../../workers/app/main.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import {
  alarmOf,
  check,
  fireAlarm,
  HOUR,
  inStore,
  MINUTE,
  newMonitor,
  newWatched,
  nextRound,
  rounds,
  roundsUntil,
  rowsOf,
  SECOND,
  START,
  type Stub,
  scheduledMonitor,
  setClock,
  summaryOf,
  useClock,
} from '../lib/monitoring.ts'
import { DOWN, GOOD } from '../lib/probe.ts'

useClock()

let person: Person
let stub: Stub
beforeEach(async () => {
  ;({ person, stub } = await newWatched())
})

const incidents = async () => (await ask('GET', '/v1/incidents', { as: person })).body.data
const quiet = () => vi.spyOn(console, 'error').mockImplementation(() => undefined)

/** An active monitor that has been up for a round. */
async function upAndRunning(fields: Record<string, unknown> = {}): Promise<string> {
  const id = await newMonitor(person, fields)
  await fireAlarm(stub)
  return id
}

describe('an object that is evicted', () => {
  test('knows its monitors, how they stand, and their results', async () => {
    const id = await upAndRunning()
    await rounds(stub, 3)
    const before = await summaryOf(stub, id)
    await evictDurableObject(stub)
    expect(await summaryOf(stub, id)).toEqual(before)
    expect(before).toMatchObject({ status: 'up', days: [{ checks: 4 }] })
  })

  test('is not kept awake by a check that is over, however long it might have taken', async () => {
    const id = await upAndRunning({ timeoutMs: 60_000, intervalSeconds: 86_400 })
    await evictDurableObject(stub)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up' })
  })

  test('in the middle of an outage goes on where it was, and looks again as soon as it would have', async () => {
    const id = await upAndRunning()
    const first = await nextRound(stub, DOWN)
    await nextRound(stub)
    await evictDurableObject(stub)
    expect(await nextRound(stub)).toBe(first + 10 * SECOND)
    expect(await incidents()).toMatchObject([{ monitorId: id, startedAt: new Date(first).toISOString() }])
    await evictDurableObject(stub)
    await rounds(stub, 2, GOOD)
    expect(await incidents()).toMatchObject([{ resolvedAt: expect.any(String) }])
  })

  test('knows the last result of a monitor that is checked seldom, though its hour has been packed', async () => {
    const seldom = await upAndRunning({ intervalSeconds: 1800 })
    await newMonitor(person)
    const { lastCheckedAt } = await summaryOf(stub, seldom)
    await roundsUntil(stub, START + 57 * MINUTE)
    expect(await rowsOf(stub, 'hour')).toBe(1)
    const last = await summaryOf(stub, seldom)
    expect(last.lastCheckedAt).toBeGreaterThan(lastCheckedAt ?? 0)
    await evictDurableObject(stub)
    expect(await summaryOf(stub, seldom)).toMatchObject({ status: 'up', lastCheckedAt: last.lastCheckedAt })
  })

  test('knows the last result of a monitor that is checked once a day', async () => {
    const id = await upAndRunning({ intervalSeconds: 86_400 })
    await setClock(START + 5 * HOUR)
    await evictDurableObject(stub)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up', lastCheckedAt: START })
  })
})

describe('without results', () => {
  test('a monitor is not known after three intervals, and never green', async () => {
    const id = await upAndRunning({ timeoutMs: 10_000 })
    await setClock(START + 3 * MINUTE + 10 * SECOND)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up' })
    await setClock(START + 3 * MINUTE + 11 * SECOND)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'stale', lastCheckedAt: START })
    const { text } = await ask('GET', '/monitors', { as: person })
    expect(text).toContain('data-status="stale"')
    expect(text).not.toContain('data-status="up"')
  })

  test('because the probe is broken, a monitor is not known either, before and after an eviction', async () => {
    quiet()
    const id = await upAndRunning()
    await rounds(stub, 6, { broken: true })
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'stale', lastCheckedAt: START })
    await evictDurableObject(stub)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'stale', lastCheckedAt: START })
    await nextRound(stub, { broken: false })
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up', lastCheckedAt: Date.now() })
  })

  test('a monitor that was never checked is not said to be up', async () => {
    quiet()
    const id = await newMonitor(person)
    await rounds(stub, 6, { broken: true })
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'pending', lastCheckedAt: null, days: [{ checks: 0 }] })
  })
})

describe('the loop of checks', () => {
  test('goes on though its housekeeping throws', async () => {
    const log = quiet()
    const id = await upAndRunning()
    await inStore(stub, (_, { storage }) =>
      storage.sql.exec('INSERT INTO minute (minute, data) VALUES (?, ?)', START - 30 * HOUR, new Uint8Array([255])),
    )
    for (let i = 0; i < 3; i++) {
      const at = await nextRound(stub)
      expect(await summaryOf(stub, id)).toMatchObject({ status: 'up', lastCheckedAt: at })
      expect(await alarmOf(stub)).toBeGreaterThan(at)
    }
    expect(log.mock.calls.flat().filter((line) => line.includes('"event":"monitoring.failed"'))).toHaveLength(3)
  })

  test('goes on though the probe does not answer at all', async () => {
    quiet()
    await upAndRunning()
    for (let i = 0; i < 3; i++) expect(await nextRound(stub, { broken: true })).toBeLessThan((await alarmOf(stub)) ?? 0)
  })

  test('keeps what the workspace has to hear while the database fails, and tells it once', async () => {
    quiet()
    const id = await upAndRunning()
    await rounds(stub, 2, DOWN)
    await env.DB.exec('ALTER TABLE incident RENAME TO incident_away')
    try {
      await setClock((await alarmOf(stub)) ?? 0)
      await check(stub)
      expect(await rowsOf(stub, 'transition')).toBe(1)
      expect(await summaryOf(stub, id)).toMatchObject({ status: 'down' })
    } finally {
      await env.DB.exec('ALTER TABLE incident_away RENAME TO incident')
    }
    await evictDurableObject(stub)
    await rounds(stub, 2)
    expect(await incidents()).toHaveLength(1)
  })

  test('tells the workspace of a recovery every ten seconds until it is heard, though no check is due', async () => {
    quiet()
    await upAndRunning({ intervalSeconds: 3600 })
    await rounds(stub, 3, DOWN)
    await nextRound(stub, GOOD)
    await env.DB.exec('ALTER TABLE incident RENAME TO incident_away')
    try {
      for (let i = 0; i < 3; i++) {
        await setClock((await alarmOf(stub)) ?? 0)
        await check(stub)
        expect(await rowsOf(stub, 'transition')).toBe(1)
        expect(await alarmOf(stub)).toBeLessThanOrEqual(Date.now() + 10 * SECOND)
      }
    } finally {
      await env.DB.exec('ALTER TABLE incident_away RENAME TO incident')
    }
    await nextRound(stub)
    expect(await incidents()).toMatchObject([{ resolvedAt: expect.any(String) }])
  })
})

describe('the watchdog', () => {
  const eachMinute = (bindings = env) => main.scheduled(createScheduledController(), bindings)

  test('sets an alarm again that was lost', async () => {
    const id = await upAndRunning()
    await runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm())
    await evictDurableObject(stub)
    await setClock(START + 10 * MINUTE)
    await eachMinute()
    expect(await alarmOf(stub)).toBe(START + 10 * MINUTE)
    await fireAlarm(stub)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up', lastCheckedAt: START + 10 * MINUTE })
  })

  test('sets an alarm again that should have fired long ago, and leaves one alone that is about to', async () => {
    await upAndRunning()
    const at = (await alarmOf(stub)) ?? 0
    await setClock(at + 4 * SECOND)
    await eachMinute()
    expect(await alarmOf(stub)).toBe(at)
    await setClock(at + 6 * SECOND)
    await eachMinute()
    expect(await alarmOf(stub)).toBe(at + 6 * SECOND)
  })

  test('asks the other objects too when one of them does not answer', async () => {
    const log = quiet()
    const id = await upAndRunning()
    const silent = await newPerson()
    await newMonitor(silent)
    await runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm())
    const silentId = env.MONITORING.idFromName(silent.workspaceId)
    const get = (objectId: DurableObjectId) =>
      objectId.equals(silentId) ? { tick: () => Promise.reject(new Error('no answer')) } : env.MONITORING.get(objectId)
    const namespace = { idFromName: (name: string) => env.MONITORING.idFromName(name), get }
    await eachMinute({ ...env, MONITORING: namespace as unknown as typeof env.MONITORING })
    expect(log.mock.calls.flat().join()).toContain('"event":"watchdog.no_answer"')
    await nextRound(stub)
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up', lastCheckedAt: Date.now() })
  })
})

test('failures before a pause do not count after it', async () => {
  const monitor = scheduledMonitor()
  await stub.put(person.workspaceId, monitor)
  await rounds(stub, 2, DOWN)
  await stub.put(person.workspaceId, { ...monitor, version: 2, active: false })
  expect(await summaryOf(stub, monitor.id)).toMatchObject({ status: 'paused' })
  await stub.put(person.workspaceId, { ...monitor, version: 3 })
  await rounds(stub, 2)
  expect(await summaryOf(stub, monitor.id)).toMatchObject({ status: 'pending' })
  await nextRound(stub)
  expect(await summaryOf(stub, monitor.id)).toMatchObject({ status: 'down' })
})
