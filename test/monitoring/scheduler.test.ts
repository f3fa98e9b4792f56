import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { CheckRequest } from '../../shared/domain/check.ts'
import { ask, type Person } from '../lib/candor.ts'
import {
  alarmOf,
  fireAlarm,
  inStore,
  MINUTE,
  newMonitor,
  newWatched,
  nextRound,
  rounds,
  rowsOf,
  SECOND,
  START,
  type Stub,
  scheduledMonitor,
  setClock,
  summaryOf,
  until,
  useClock,
} from '../lib/monitoring.ts'
import { probeSaw } from '../lib/probe.ts'

useClock()

let person: Person
let stub: Stub
beforeEach(async () => {
  ;({ person, stub } = await newWatched())
})

/** Checks that the probe was asked for, call by call. */
async function checksAsked(): Promise<CheckRequest['checks'][]> {
  const seen = await probeSaw()
  return seen.flatMap(({ path, body }) => (path === '/check' ? [body.checks] : []))
}
const lastCheck = async () => (await checksAsked()).at(-1)?.[0]

describe('a monitor that is made over the API', () => {
  test('is checked at once, as it was described, and its outbox is empty afterwards', async () => {
    const id = await newMonitor(person, { method: 'POST', body: 'ping', timeoutMs: 5000, followRedirects: false })
    expect(await alarmOf(stub)).toBe(START)
    await fireAlarm(stub)
    expect(await checksAsked()).toEqual([
      [
        {
          id,
          kind: 'http',
          url: 'https://shop.example',
          method: 'POST',
          headers: [],
          body: 'ping',
          timeoutMs: 5000,
          followRedirects: false,
        },
      ],
    ])
    expect(await summaryOf(stub, id)).toMatchObject({ status: 'up', since: START, lastCheckedAt: START })
    await until('the outbox is empty', async () => {
      const rows = await env.DB.prepare('SELECT 1 FROM outbox WHERE workspace_id = ?').bind(person.workspaceId).all()
      return rows.results.length === 0
    })
  })

  test('is checked once an interval from then on, always at the same second', async () => {
    await newMonitor(person, { intervalSeconds: 120 })
    await fireAlarm(stub)
    const times: number[] = []
    for (let i = 0; i < 4; i++) times.push(await nextRound(stub))
    expect(times.slice(1).map((at, i) => at - (times[i] ?? 0))).toEqual([2 * MINUTE, 2 * MINUTE, 2 * MINUTE])
    expect(times[0]).toBeGreaterThan(START)
    expect(await checksAsked()).toHaveLength(5)
  })

  test('is not checked while it is paused, and at once when it is resumed', async () => {
    const id = await newMonitor(person)
    await fireAlarm(stub)
    await ask('POST', `/v1/monitors/${id}/pause`, { as: person })
    await until('it is paused', async () => (await summaryOf(stub, id)).status === 'paused')
    await setClock(START + 10 * MINUTE)
    await fireAlarm(stub)
    expect(await checksAsked()).toHaveLength(1)
    expect(await alarmOf(stub)).toBeNull()
    await ask('POST', `/v1/monitors/${id}/resume`, { as: person })
    await until('it is resumed', async () => (await summaryOf(stub, id)).status === 'pending')
    expect(await alarmOf(stub)).toBe(START + 10 * MINUTE)
    await fireAlarm(stub)
    expect(await checksAsked()).toHaveLength(2)
    expect((await summaryOf(stub, id)).status).toBe('up')
  })

  test('is checked when somebody asks for it, though it is not due', async () => {
    const id = await newMonitor(person, { intervalSeconds: 3600 })
    await fireAlarm(stub)
    await setClock(START + SECOND)
    await ask('POST', `/v1/monitors/${id}/check`, { as: person })
    await until('it is due', async () => (await alarmOf(stub)) === START + SECOND)
    await fireAlarm(stub)
    expect(await checksAsked()).toHaveLength(2)
    expect((await summaryOf(stub, id)).lastCheckedAt).toBe(START + SECOND)
  })

  test('is checked as it was last changed', async () => {
    const id = await newMonitor(person)
    await fireAlarm(stub)
    await ask('PATCH', `/v1/monitors/${id}`, { as: person, body: { url: 'https://new.example', method: 'HEAD' } })
    await until('the change arrives', async () => {
      await nextRound(stub)
      return (await lastCheck())?.url === 'https://new.example'
    })
    expect(await lastCheck()).toMatchObject({ id, method: 'HEAD' })
  })

  test('is checked no more when it is deleted, and nothing says how it stands', async () => {
    const id = await newMonitor(person)
    await fireAlarm(stub)
    await ask('DELETE', `/v1/monitors/${id}`, { as: person })
    await until('it is gone', async () => (await stub.summaries(null, 0)).length === 0)
    await setClock(START + 10 * MINUTE)
    await fireAlarm(stub)
    expect(await checksAsked()).toHaveLength(1)
    expect(await stub.detail(id, MINUTE, MINUTE)).toBeNull()
    expect(await stub.checkNow(id)).toBe(false)
  })
})

describe('a copy of a monitor', () => {
  test('that is older than the one at hand is ignored, and so is one that is as old', async () => {
    const monitor = scheduledMonitor({ version: 7 })
    await stub.put(person.workspaceId, monitor)
    await stub.put(person.workspaceId, { ...monitor, version: 6, url: 'https://old.example', active: false })
    await stub.put(person.workspaceId, { ...monitor, url: 'https://same.example' })
    await fireAlarm(stub)
    expect(await lastCheck()).toMatchObject({ url: 'https://shop.example' })
    await stub.put(person.workspaceId, { ...monitor, version: 8, url: 'https://new.example' })
    await nextRound(stub)
    expect(await lastCheck()).toMatchObject({ url: 'https://new.example' })
  })

  test('that comes again does not begin its history anew', async () => {
    const monitor = scheduledMonitor()
    await stub.put(person.workspaceId, monitor)
    await fireAlarm(stub)
    await stub.put(person.workspaceId, { ...monitor, version: 2 })
    expect(await summaryOf(stub, monitor.id)).toMatchObject({ status: 'up', since: START })
  })
})

describe('request headers and body', () => {
  const secrets = Array.from({ length: 2 }, () => crypto.randomUUID())

  test('are sealed where they lie, and travel opened in the call to the probe only', async () => {
    const headers = [{ key: 'x-token', value: secrets[0] }]
    const id = await newMonitor(person, { method: 'POST', headers, body: secrets[1] })
    await fireAlarm(stub)
    expect(await lastCheck()).toMatchObject({ id, headers, body: secrets[1] })
    const stored = await inStore(stub, (_, { storage }) => {
      const tables = storage.sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
        )
        .toArray()
      const rows = tables.flatMap(({ name }) => storage.sql.exec(`SELECT * FROM "${name}"`).toArray())
      const bytes = [...rows.flatMap((row) => Object.values(row)), ...[...storage.kv.list()].map(([, value]) => value)]
      return bytes.map(textOf)
    })
    expect(stored.some((text) => text.includes(id))).toBe(true)
    for (const secret of secrets) expect(stored.filter((text) => text.includes(secret))).toEqual([])
  })

  test('of another monitor cannot be opened in their place: the check is not made, and nobody is said to be down', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const id = await newMonitor(person, { headers: [{ key: 'x-token', value: secrets[0] }] })
    const copy = await inStore(stub, (store) => store.monitors().find(({ monitor }) => monitor.id === id)?.monitor)
    const moved = scheduledMonitor({ ...copy, id: 'mon_00000000001' })
    await stub.remove(id)
    await stub.put(person.workspaceId, moved)
    await rounds(stub, 2)
    expect(await checksAsked()).toEqual([])
    expect(await summaryOf(stub, moved.id)).toMatchObject({ status: 'pending', lastCheckedAt: null })
    expect(log.mock.calls.flat().join()).toContain('"event":"probe.failed"')
    expect(log.mock.calls.flat().join()).not.toContain(secrets[0])
  })

  test('that cannot be opened do not hold up the checks of the other monitors', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const other = scheduledMonitor()
    await stub.put(person.workspaceId, scheduledMonitor({ sealedHeaders: new Uint8Array(120) }))
    await stub.put(person.workspaceId, other)
    await fireAlarm(stub)
    expect((await checksAsked()).flat().map((check) => check.id)).toEqual([other.id])
    expect((await summaryOf(stub, other.id)).status).toBe('up')
  })
})

/** Whatever a row holds, as text that a secret would be seen in. */
function textOf(value: unknown): string {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value)
  return JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? textOf(part) : part)) ?? ''
}

describe('a hundred monitors', () => {
  const monitors = () => Array.from({ length: 100 }, (_, i) => scheduledMonitor({ timeoutMs: 500 + i }))

  test('are checked in calls of at most twenty-five', async () => {
    for (const monitor of monitors()) await stub.put(person.workspaceId, monitor)
    await fireAlarm(stub)
    const calls = await checksAsked()
    expect(calls.map((checks) => checks.length)).toEqual([25, 25, 25, 25])
    expect(new Set(calls.flat().map((check) => check.id)).size).toBe(100)
  })

  test('write one row of results a minute', async () => {
    for (const monitor of monitors()) await stub.put(person.workspaceId, monitor)
    await fireAlarm(stub)
    const written = await inStore(stub, (_, { storage }) => watchWrites(storage))
    while (Date.now() < START + 10 * MINUTE) await nextRound(stub)
    const after = await inStore(
      stub,
      (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT n FROM writes').one().n,
    )
    const minutes = await rowsOf(stub, 'minute')
    expect(written).toBe(0)
    expect(minutes).toBeLessThanOrEqual(11)
    expect(after).toBeLessThanOrEqual(minutes)
    expect(await checksAsked().then((calls) => calls.flat().length)).toBeGreaterThanOrEqual(1000)
  })
})

/** Counts the rows of results that are written from now on. */
function watchWrites(storage: DurableObjectStorage): number {
  storage.sql.exec('CREATE TABLE writes (n INTEGER NOT NULL); INSERT INTO writes VALUES (0);')
  for (const event of ['INSERT', 'UPDATE'])
    storage.sql.exec(`CREATE TRIGGER on_${event} AFTER ${event} ON minute BEGIN UPDATE writes SET n = n + 1; END`)
  return storage.sql.exec<{ n: number }>('SELECT n FROM writes').one().n
}
