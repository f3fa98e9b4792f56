import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Env } from '../../workers/app/bindings.ts'
import { dayOf, packDay } from '../../workers/app/monitoring/rollup.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import {
  DAY,
  fireAlarm,
  inStore,
  MINUTE,
  newMonitor,
  newWatched,
  nextRound,
  roundsUntil,
  START,
  type Stub,
  useClock,
} from '../lib/monitoring.ts'
import { DOWN, GOOD } from '../lib/probe.ts'

useClock()

let person: Person
let stub: Stub
beforeEach(async () => {
  ;({ person, stub } = await newWatched())
})

const statusOf = (id: string, as: Person | string = person) => ask('GET', `/v1/monitors/${id}/status`, { as })
const iso = (at: number) => new Date(at).toISOString()

describe('how a monitor stands', () => {
  test('is told to a key that may read', async () => {
    const id = await newMonitor(person)
    await fireAlarm(stub)
    const { token } = await newApiKey(person, 'read', null)
    const { status, body } = await statusOf(id, token)
    expect([status, body]).toEqual([
      200,
      {
        monitorId: id,
        status: 'up',
        since: iso(START),
        lastCheckedAt: iso(START),
        lastLatencyMs: 12,
        uptime: { days7: 100, days30: 100, days90: 100 },
        days: [
          {
            day: dayOf(START),
            checks: 1,
            failed: 0,
            degraded: 0,
            downSeconds: 0,
            measuredSeconds: 0,
            p50: 12,
            p95: 12,
          },
        ],
      },
    ])
  })

  test('is a share of the time since it is checked, not of the day', async () => {
    const id = await newMonitor(person)
    await fireAlarm(stub)
    await roundsUntil(stub, START + 90 * MINUTE)
    const startedAt = await nextRound(stub, DOWN)
    await roundsUntil(stub, startedAt + 10 * MINUTE)
    const recoveredAt = await nextRound(stub, GOOD)
    await roundsUntil(stub, START + 200 * MINUTE)
    const { body } = await statusOf(id)
    const [down, measured] = [(recoveredAt - startedAt) / 1000, 200 * 60]
    expect(body.days).toMatchObject([{ downSeconds: down, measuredSeconds: measured }])
    const percent = Math.floor((1 - down / measured) * 10_000) / 100
    expect(percent).toBeLessThan(96)
    expect(body.uptime).toEqual({ days7: percent, days30: percent, days90: percent })
  })

  test('has seven, thirty and ninety days, today with them', async () => {
    const id = await newMonitor(person)
    await fireAlarm(stub)
    const today = START - (START % DAY)
    const figures = { slot: 0, checks: 1440, failed: 0, degraded: 0, p50: 9, p75: 9, p90: 9, p95: 9, p99: 9 }
    const down = (ago: number) => (ago === 6 || ago === 29 || ago === 89 ? 864 : 0)
    await inStore(stub, (store) => {
      for (let ago = 1; ago <= 95; ago++)
        store.putDay(today - ago * DAY, packDay([{ ...figures, downSeconds: down(ago), measuredSeconds: 86_400 }]))
    })
    const { body } = await statusOf(id)
    // Of today nothing is measured yet: six whole days, one of which was down for a hundredth.
    expect(body.uptime).toEqual({ days7: 99.83, days30: 99.93, days90: 99.96 })
    expect([body.days.length, body.days[0].day, body.days.at(-1).day]).toEqual([
      90,
      dayOf(today - 89 * DAY),
      dayOf(today),
    ])
  })

  test('is not known before the first check, and nothing is said of uptime', async () => {
    const id = await newMonitor(person)
    const unknown = { days7: null, days30: null, days90: null }
    const nothing = { since: null, lastCheckedAt: null, lastLatencyMs: null, uptime: unknown, days: [] }
    expect((await statusOf(id)).body).toEqual({ monitorId: id, status: 'pending', ...nothing })
    const { body } = await ask('POST', '/v1/monitors', { as: person, body: { ...MONITOR, active: false } })
    expect((await statusOf(body.id)).body).toMatchObject(nothing)
  })

  test('of a monitor of another workspace is told to nobody', async () => {
    const id = await newMonitor(person)
    const other = await newPerson()
    expect((await statusOf(id, other)).status).toBe(404)
  })

  test('is "unavailable" when the object that checks it is not there', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const id = await newMonitor(person)
    const summaries = () => Promise.reject(new Error('gone'))
    const stubs = { idFromName: () => null, get: () => ({ summaries }), jurisdiction: () => stubs } as never
    const broken = { ...env, MONITORING: stubs } as Env
    const { status, body } = await ask('GET', `/v1/monitors/${id}/status`, { as: person, env: broken })
    expect([status, body.code]).toEqual([503, 'unavailable'])
  })
})
