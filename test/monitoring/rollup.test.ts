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
  measuredSeconds,
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
const NOTHING = { down: 0, measured: 0 }

const record = fc.record<DayRecord>({
  slot: figure,
  checks: count,
  failed: count,
  degraded: count,
  downSeconds: count,
  measuredSeconds: count,
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

  test('of the first version comes back as it was, and counts as whole', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const view = new DataView(new ArrayBuffer(1 + records.length * 28))
        view.setUint8(0, 1)
        for (const [i, { slot, measuredSeconds: _, ...figures }] of records.entries()) {
          const { p50, p75, p90, p95, p99, ...counts } = figures
          view.setUint16(1 + i * 28, slot)
          for (const [j, value] of Object.values(counts).entries()) view.setUint32(3 + i * 28 + j * 4, value)
          for (const [j, value] of [p50, p75, p90, p95, p99].entries()) view.setUint16(19 + i * 28 + j * 2, value)
        }
        const whole = records.map((one) => ({ ...one, measuredSeconds: 86_400 }))
        expect(unpackDay(view.buffer as ArrayBuffer)).toEqual(whole)
      }),
    )
  })

  test.each([0, 3, 255])('packed as version %d is refused, not guessed', (version) => {
    const blob = packDay([])
    new DataView(blob).setUint8(0, version)
    expect(() => unpackDay(blob)).toThrow(/version \d+ is unknown/)
  })

  test('is named and begins by UTC', () => {
    expect([DAY - 1, DAY, DAY + DAY_MS - 1].map(dayOf)).toEqual(['2026-11-23', '2026-11-24', '2026-11-24'])
    expect([DAY, DAY + DAY_MS - 1].map(dayStart)).toEqual([DAY, DAY])
  })

  test('is shown without the figures that nobody is shown', () => {
    const [shown] = unpackDay(packDay([summarise(7, [point(10), point(30)], null, { down: 5, measured: 60 })]))
    expect(shown && daySummary('2026-11-24', shown)).toEqual({
      day: '2026-11-24',
      checks: 2,
      failed: 0,
      degraded: 0,
      downSeconds: 5,
      measuredSeconds: 60,
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
    expect(summarise(1, points, 500, NOTHING)).toMatchObject({ checks: 5, failed: 2, degraded: 1 })
    expect(summarise(1, points, null, NOTHING)).toMatchObject({ checks: 5, failed: 2, degraded: 0 })
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

describe('the measured time', () => {
  const [FROM, TO] = [DAY, DAY + DAY_MS]
  const at = (second: number, errorClass: Point['errorClass'] = 'none') => ({
    ...point(10, errorClass),
    at: FROM + second * 1000,
  })
  const outage = (start: number, end: number | null) => ({
    startedAt: FROM + start * 1000,
    endedAt: end === null ? null : FROM + end * 1000,
  })
  const measured = (points: Point[], outages: ReturnType<typeof outage>[] = [], to = TO) =>
    measuredSeconds(points, 180_000, outages, FROM, to)

  test.each<[name: string, points: Point[], seconds: number]>([
    ['of nothing', [], 0],
    ['goes from a check to the next one', [at(0), at(60), at(120)], 120 + 180],
    ['ends when a result is stale', [at(0), at(600)], 180 + 180],
    ['begins with what the day before has seen last', [at(-60), at(60)], 60 + 180],
    ['has nothing of what was stale before', [at(-200), at(60)], 180],
    ['ends with the day', [at(86_370)], 30],
    ['has nothing of faults of ours', [at(0), at(60, 'probe_internal'), at(120, 'probe_internal')], 180],
    ['has failures', [at(0, 'timeout'), at(60, 'http')], 60 + 180],
  ])('%s', (_, points, seconds) => {
    expect(measured(points)).toBe(seconds)
  })

  test('has outages in it, also while nobody looked', () => {
    expect(measured([at(0)], [outage(60, 4000)])).toBe(4000)
    expect(measured([at(0), at(5000)], [outage(60, 4000)])).toBe(4180)
    expect(measured([at(80_000)], [outage(80_060, null)])).toBe(6400)
    expect(measured([], [outage(-5000, 10)])).toBe(10)
  })

  test('is what a look at every second would count', () => {
    const moment = fc.integer({ min: -400, max: 2000 })
    const span = fc.tuple(moment, moment).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    fc.assert(
      fc.property(fc.uniqueArray(moment, { maxLength: 20 }), fc.array(span, { maxLength: 3 }), (seconds, spans) => {
        const points = seconds.map((second) => at(second))
        const isKnown = (second: number) =>
          seconds.some((one) => one <= second && second < one + 180) ||
          spans.some(([start, end]) => start <= second && second < end)
        const naive = Array.from({ length: 1500 }, (_, second) => second).filter(isKnown).length
        const outages = spans.map(([start, end]) => outage(start, end))
        expect(measured(points, outages, FROM + 1_500_000)).toBe(naive)
      }),
    )
  })
})
