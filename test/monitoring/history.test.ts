import { evictDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, test } from 'vitest'
import { unpackHour } from '../../workers/app/monitoring/results.ts'
import { dayOf, packDay, unpackDay } from '../../workers/app/monitoring/rollup.ts'
import type { Store } from '../../workers/app/monitoring/store.ts'
import type { Person } from '../lib/candor.ts'
import {
  DAY,
  fireAlarm,
  HOUR,
  inStore,
  MINUTE,
  newWatched,
  nextRound,
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

/** Midnight before and after `START`, which is five past ten. */
const TODAY = START - (START % DAY)
const TOMORROW = TODAY + DAY

let person: Person
let stub: Stub
const monitor = scheduledMonitor({ degradedAfterMs: 500 })
beforeEach(async () => {
  ;({ person, stub } = await newWatched())
  await stub.put(person.workspaceId, monitor)
})

/** Results of slot 0 in minutes that are over, as checks would have written them. */
function putResults(store: Store, at: number, count: number, everyMs: number, latencyMs = 100, status = 200): void {
  for (let i = 0; i < count; i++) {
    const errorClass = status === 200 ? ('none' as const) : ('http' as const)
    const point = { slot: 0, at: at + i * everyMs, latencyMs, status, errorClass, region: 0 }
    const minute = store.minuteOf(point.at)
    store.putMinute(minute, [...store.minute(minute), point])
  }
}
const hoursOf = (store: Store) =>
  store.hoursBetween(0, TODAY + 400 * DAY).map(({ at, data }) => [at, unpackHour(data, at, 0).length])

describe('when an hour is over', () => {
  test('its minutes become one row, and nothing of them is lost', async () => {
    await inStore(stub, (store) => putResults(store, START - 3 * HOUR, 180, MINUTE))
    await fireAlarm(stub)
    expect(await inStore(stub, hoursOf)).toEqual([
      [TODAY + 7 * HOUR, 55],
      [TODAY + 8 * HOUR, 60],
      [TODAY + 9 * HOUR, 60],
    ])
    expect(await rowsOf(stub, 'minute')).toBe(6)
    const { last24h, summary } = (await stub.detail(monitor.id, DAY, HOUR)) ?? {}
    expect(last24h).toEqual({ checks: 181, failed: 0, p50: 100, p95: 100, p99: 100 })
    expect(summary?.days).toMatchObject([{ checks: 181 }])
  })

  test('the hour that is under way stays in minutes', async () => {
    await inStore(stub, (store) => putResults(store, START - 5 * MINUTE, 5, MINUTE))
    await fireAlarm(stub)
    expect(await rowsOf(stub, 'hour')).toBe(0)
    expect(await rowsOf(stub, 'minute')).toBe(6)
  })

  test('a result that comes late joins its hour, once, and takes nothing away from it', async () => {
    const late = START + 55 * MINUTE - SECOND
    await roundsUntil(stub, late)
    const before = (await summaryOf(stub, monitor.id)).days[0]?.checks ?? 0
    expect(before).toBeGreaterThan(50)
    // Its check began in the last second of the hour, and was answered after the hour had been packed.
    await nextRound(stub, { at: late })
    expect(await inStore(stub, hoursOf)).toEqual([[TODAY + 10 * HOUR, before]])
    await nextRound(stub)
    expect(await inStore(stub, hoursOf)).toEqual([[TODAY + 10 * HOUR, before + 1]])
    expect((await summaryOf(stub, monitor.id)).days).toMatchObject([{ checks: before + 2 }])
  })
})

describe('after midnight UTC', () => {
  test('yesterday becomes one row of figures for every monitor', async () => {
    await inStore(stub, (store) => {
      putResults(store, TODAY, 200, 5 * MINUTE, 100)
      putResults(store, TODAY + 17 * HOUR, 40, 5 * MINUTE, 900)
      putResults(store, TODAY + 21 * HOUR, 10, 5 * MINUTE, 4000, 503)
      store.openOutage(0, TODAY + 21 * HOUR)
      store.closeOutage(0, TODAY + 22 * HOUR)
    })
    await setClock(TOMORROW + MINUTE)
    await fireAlarm(stub)
    const expected = {
      checks: 250,
      failed: 10,
      degraded: 40,
      downSeconds: 3600,
      // Three stretches, and after each what its last result speaks for: three intervals and a time-out.
      measuredSeconds: 200 * 190 + 40 * 190 + 3600,
      p50: 100,
      p75: 100,
      p90: 900,
      p95: 900,
      p99: 900,
    }
    const days = await inStore(stub, (store) =>
      store.daysBetween(TODAY, TOMORROW).flatMap(({ data }) => unpackDay(data)),
    )
    expect(days).toEqual([{ slot: 0, ...expected }])
    const { p75: _, p90: __, p99: ___, ...shown } = expected
    const summary = await summaryOf(stub, monitor.id)
    expect(summary.days).toEqual([
      { day: dayOf(TODAY), ...shown },
      expect.objectContaining({ day: dayOf(TOMORROW), checks: 1 }),
    ])
  })

  test('an outage over midnight is counted on both days', async () => {
    await setClock(TOMORROW - 3 * MINUTE)
    await fireAlarm(stub)
    const startedAt = await nextRound(stub, DOWN)
    await roundsUntil(stub, TOMORROW + MINUTE)
    const [yesterday, today] = (await summaryOf(stub, monitor.id)).days
    expect(yesterday).toMatchObject({ day: dayOf(TODAY), downSeconds: (TOMORROW - startedAt) / SECOND })
    expect(today).toMatchObject({ day: dayOf(TOMORROW), downSeconds: 60 })
  })

  test('an object that slept through several midnights makes up for each of them, and for no day twice', async () => {
    await inStore(stub, (store) => {
      putResults(store, TODAY - 3 * DAY, 10, MINUTE)
      putResults(store, TODAY - 2 * DAY, 10, MINUTE)
      const figures = {
        failed: 0,
        degraded: 0,
        downSeconds: 0,
        measuredSeconds: 86_400,
        p50: 1,
        p75: 1,
        p90: 1,
        p95: 1,
        p99: 1,
      }
      store.putDay(TODAY - 2 * DAY, packDay([{ slot: 0, checks: 1440, ...figures }]))
      putResults(store, TODAY - DAY, 20, MINUTE)
    })
    await fireAlarm(stub)
    await evictDurableObject(stub)
    await nextRound(stub)
    expect(await rowsOf(stub, 'day')).toBe(3)
    const { days } = await summaryOf(stub, monitor.id)
    expect(days.map(({ day, checks }) => [day, checks])).toEqual([
      [dayOf(TODAY - 3 * DAY), 10],
      [dayOf(TODAY - 2 * DAY), 1440],
      [dayOf(TODAY - DAY), 20],
      [dayOf(TODAY), 2],
    ])
  })
})

describe('what is too old', () => {
  test('goes: results after 32 days, days after 400, evidence after 30', async () => {
    await inStore(stub, (store) => {
      putResults(store, TODAY - 33 * DAY, 1, MINUTE)
      putResults(store, TODAY - 31 * DAY, 1, MINUTE)
      store.putDay(TODAY - 401 * DAY, new ArrayBuffer(1))
      for (const days of [29, 31]) {
        const evidence = { statusLine: null, headers: [], body: '', hops: [] }
        const failure = { latencyMs: 1, status: 0, errorClass: 'connect' as const, region: 'local', message: '' }
        store.putEvidence(0, { at: TODAY - days * DAY, ...failure, evidence })
        store.openOutage(0, TODAY - (days + 370) * DAY)
        store.closeOutage(0, TODAY - (days + 370) * DAY + HOUR)
      }
    })
    await fireAlarm(stub)
    expect(await inStore(stub, hoursOf)).toEqual([[TODAY - 31 * DAY, 1]])
    expect(await inStore(stub, (store) => store.hasDay(TODAY - 401 * DAY))).toBe(false)
    expect(await inStore(stub, (store) => store.evidence(0, 10).map(({ at }) => at))).toContain(TODAY - 29 * DAY)
    expect(await inStore(stub, (store) => store.evidence(0, 10).map(({ at }) => at))).not.toContain(TODAY - 31 * DAY)
    expect(await rowsOf(stub, 'outage')).toBe(1)
  })

  test('and of evidence, two hundred rows of a monitor are kept: the newest', async () => {
    const evidence = { statusLine: null, headers: [], body: '', hops: [] }
    const failure = { latencyMs: 1, status: 0, errorClass: 'connect' as const, region: 'local', message: '', evidence }
    await inStore(stub, (store) => {
      for (let i = 0; i < 250; i++) store.putEvidence(0, { at: START + i, ...failure })
    })
    const kept = await inStore(stub, (store) => store.evidence(0, 300).map(({ at }) => at - START))
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([200, 249, 50])
  })
})

test('results and figures of a removed monitor never become those of the next one', async () => {
  await fireAlarm(stub)
  await stub.remove(monitor.id)
  const next = scheduledMonitor()
  await stub.put(person.workspaceId, next)
  expect((await summaryOf(stub, next.id)).days).toEqual([])
  await fireAlarm(stub)
  expect((await summaryOf(stub, next.id)).days).toMatchObject([{ checks: 1 }])
})

test('the last fifty results are listed, the newest first, failures with what was answered', async () => {
  await fireAlarm(stub)
  const failedAt = await nextRound(stub, DOWN)
  // The check that disproves the failure follows at once, in the same second.
  await nextRound(stub, { ...GOOD, at: failedAt + 20 })
  await nextRound(stub)
  const { results } = (await stub.detail(monitor.id, DAY, HOUR)) ?? { results: [] }
  expect(results.map(({ errorClass }) => errorClass)).toEqual(['none', 'none', 'connect', 'none'])
  expect(results.map(({ message }) => message)).toEqual(['', '', DOWN.message, ''])
  expect(results[2]).toMatchObject({ at: failedAt, region: 'local', evidence: { statusLine: 'HTTP 0' } })
  await roundsUntil(stub, START + HOUR)
  expect((await stub.detail(monitor.id, DAY, HOUR))?.results).toHaveLength(50)
})
