import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ERROR_CLASSES } from '../../shared/domain/check.ts'
import { DAY_MS, type Point } from '../../workers/app/monitoring/results.ts'
import {
  type DayRecord,
  dayOf,
  dayStart,
  daySummary,
  downSeconds,
  latencies,
  packDay,
  percentile,
  summarise,
  unpackDay,
} from '../../workers/app/monitoring/rollup.ts'

const DAY = Date.UTC(2026, 10, 24)
const U16 = 65_535
const whole = (max: number) => fc.integer({ min: 0, max })
const count = whole(0xffffffff)
const figure = whole(U16)

const record = fc.record<DayRecord>({
  slot: figure,
  checks: count,
  failed: count,
  degraded: count,
  downSeconds: count,
  p50: figure,
  p75: figure,
  p90: figure,
  p95: figure,
  p99: figure,
})
const point = (latencyMs: number, errorClass: Point['errorClass'] = 'none'): Point => ({
  at: DAY,
  latencyMs,
  status: 200,
  errorClass,
  region: 0,
})

describe('a day', () => {
  test('of every monitor comes back as it went in', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        expect(unpackDay(packDay(records))).toEqual(records)
      }),
    )
  })

  test.each([0, 2, 255])('packed as version %d is refused, not guessed', (version) => {
    const blob = packDay([])
    new DataView(blob).setUint8(0, version)
    expect(() => unpackDay(blob)).toThrow(/version \d+ is unknown/)
  })

  test('is named and begins by UTC', () => {
    expect([DAY - 1, DAY, DAY + DAY_MS - 1].map(dayOf)).toEqual(['2026-11-23', '2026-11-24', '2026-11-24'])
    expect([DAY, DAY + DAY_MS - 1].map(dayStart)).toEqual([DAY, DAY])
  })

  test('is shown without the figures that nobody is shown', () => {
    const [shown] = unpackDay(packDay([summarise(7, [point(10), point(30)], null, 5)]))
    expect(shown && daySummary('2026-11-24', shown)).toEqual({
      day: '2026-11-24',
      checks: 2,
      failed: 0,
      degraded: 0,
      downSeconds: 5,
      p50: 10,
      p95: 30,
    })
  })
})

describe('a percentile', () => {
  /** The definition: the smallest value that so large a share of all values does not exceed. */
  const naive = (values: number[], hundredths: number) =>
    values
      .toSorted((a, b) => a - b)
      .find((value) => values.filter((v) => v <= value).length * 100 >= values.length * hundredths)

  test('is the nearest rank', () => {
    fc.assert(
      fc.property(
        fc.array(figure, { minLength: 1 }),
        fc.constantFrom(50, 75, 90, 95, 99, 100),
        (values, hundredths) => {
          const ascending = values.toSorted((a, b) => a - b)
          expect(percentile(ascending, hundredths / 100)).toBe(naive(values, hundredths))
        },
      ),
    )
  })

  test.each([
    [[], 0.5, 0],
    [[7], 0.5, 7],
    [[7], 0.99, 7],
    [[15, 20, 35, 40, 50], 0.05, 15],
    [[15, 20, 35, 40, 50], 0.3, 20],
    [[15, 20, 35, 40, 50], 0.4, 20],
    [[15, 20, 35, 40, 50], 0.5, 35],
    [[15, 20, 35, 40, 50], 1, 50],
  ])('of %j at %d is %d', (ascending, share, expected) => {
    expect(percentile(ascending, share)).toBe(expected)
  })

  test('of latency is over checks that passed only, in whatever order they came', () => {
    const failures = ERROR_CLASSES.filter((name) => name !== 'none').map((name) => point(60_000, name))
    const passed = Array.from({ length: 100 }, (_, i) => point(100 - i))
    expect(latencies([...failures, ...passed])).toEqual({ p50: 50, p75: 75, p90: 90, p95: 95, p99: 99 })
    expect(latencies(failures)).toEqual({ p50: 0, p75: 0, p90: 0, p95: 0, p99: 0 })
  })
})

describe('the figures of a monitor', () => {
  test('count what failed and what was slow, and leave out our own faults', () => {
    const points = [
      point(10),
      point(501),
      point(500),
      point(900, 'http'),
      point(9, 'timeout'),
      point(0, 'probe_internal'),
    ]
    expect(summarise(1, points, 500, 0)).toMatchObject({ checks: 5, failed: 2, degraded: 1 })
    expect(summarise(1, points, null, 0)).toMatchObject({ checks: 5, failed: 2, degraded: 0 })
  })
})

describe('seconds down', () => {
  const FROM = DAY
  const TO = DAY + DAY_MS
  test.each([
    ['no outage', [], 0],
    ['one within', [[60, 120]], 60],
    ['one that began before', [[-60, 120]], 120],
    ['one that ended after', [[86_340, 90_000]], 60],
    ['one around it all', [[-60, 90_000]], 86_400],
    ['one that is not over', [[86_390, null]], 10],
    ['one before', [[-60, -30]], 0],
    ['one after', [[90_000, 90_060]], 0],
    ['one that begins as the time ends', [[86_400, null]], 0],
    [
      'two',
      [
        [0, 10],
        [20, 30.4],
      ],
      20,
    ],
    ['one without length', [[5, 5]], 0],
  ] as [string, [number, number | null][], number][])('of %s', (_name, outages, seconds) => {
    const rows = outages.map(([start, end]) => ({
      startedAt: FROM + start * 1000,
      endedAt: end === null ? null : FROM + end * 1000,
    }))
    expect(downSeconds(rows, FROM, TO)).toBe(seconds)
  })

  test('of a day and the next add up to those of both', () => {
    const moment = whole(2 * 86_400)
    const outage = fc.tuple(moment, moment).map(([a, b]) => ({
      startedAt: FROM + Math.min(a, b) * 1000,
      endedAt: FROM + Math.max(a, b) * 1000,
    }))
    fc.assert(
      fc.property(fc.array(outage, { maxLength: 5 }), (outages) => {
        const parts = downSeconds(outages, FROM, TO) + downSeconds(outages, TO, TO + DAY_MS)
        expect(parts).toBe(downSeconds(outages, FROM, TO + DAY_MS))
      }),
    )
  })
})
