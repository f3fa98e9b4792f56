import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DaySummary } from '../../shared/domain/schedule.ts'
import { lastDays } from '../../shared/domain/uptime.ts'
import { Bars } from '../../workers/app/pages/components/bars.tsx'
import { ceiling, LatencyChart, runsOf } from '../../workers/app/pages/components/chart.tsx'
import { duration, exactTime } from '../../workers/app/pages/components/time.tsx'
import { toneOf, uptimeText } from '../../workers/app/pages/components/uptime.ts'
import { intervalsFor } from '../../workers/app/pages/monitor-form.tsx'
import { days, NOW } from './fixtures.ts'

const day = (ago: number, rest: Partial<DaySummary> = {}): DaySummary => ({
  day: new Date(NOW - ago * 86_400_000).toISOString().slice(0, 10),
  checks: 100,
  failed: 0,
  degraded: 0,
  downSeconds: 0,
  measuredSeconds: 86_400,
  p50: 100,
  p95: 200,
  ...rest,
})

describe('uptime', () => {
  test('is not said of days that nobody measured', () => {
    expect(uptimeText([], NOW, 30)).toBeNull()
    expect(uptimeText([day(0, { checks: 0 })], NOW, 30)).toBeNull()
    expect(uptimeText([day(40)], NOW, 30)).toBeNull()
  })

  test('says 100.00 % only of what was never down', () => {
    expect(uptimeText(days(90), NOW, 90)).toBe('100.00 %')
    expect(uptimeText(days(90, { 5: { down: 2 } }), NOW, 90)).toBe('99.99 %')
  })

  test('is a share of the time that was measured, not of the days', () => {
    expect(uptimeText([day(0, { downSeconds: 300, measuredSeconds: 600 })], NOW, 1)).toBe('50.00 %')
    expect(uptimeText([day(1, { downSeconds: 43_200 })], NOW, 2)).toBe('50.00 %')
    const first = day(1, { downSeconds: 600, measuredSeconds: 6000 })
    expect(uptimeText([first, day(0, { measuredSeconds: 54_000 })], NOW, 2)).toBe('99.00 %')
    expect(uptimeText([day(0, { checks: 1, measuredSeconds: 0 })], NOW, 1)).toBe('100.00 %')
  })

  test('is a percentage between 0 and 100, and falls when more is down', () => {
    const record = fc.record({ ago: fc.integer({ min: 0, max: 100 }), down: fc.integer({ min: 0, max: 200_000 }) })
    fc.assert(
      fc.property(
        fc.uniqueArray(record, { selector: ({ ago }) => ago, minLength: 1 }),
        fc.nat(90_000),
        (list, more) => {
          const known = list.map(({ ago, down }) => day(ago, { downSeconds: down }))
          const value = (all: DaySummary[]) => uptimeText(all, NOW, 90)
          const text = value(known)
          if (text === null) return list.every(({ ago }) => ago >= 90)
          const worse = known.map((one) => ({ ...one, downSeconds: one.downSeconds + more }))
          const number = Number.parseFloat(text)
          return (
            /^\d+\.\d\d %$/.test(text) &&
            number >= 0 &&
            number <= 100 &&
            Number.parseFloat(value(worse) ?? '') <= number
          )
        },
      ),
    )
  })
})

describe('a day', () => {
  test('is down when it was down, degraded when more than one check in a hundred was bad, and unknown without checks', () => {
    expect(toneOf(undefined)).toBe('none')
    expect(toneOf(day(0, { checks: 0 }))).toBe('none')
    expect(toneOf(day(0, { failed: 1 }))).toBe('up')
    expect(toneOf(day(0, { failed: 1, degraded: 1 }))).toBe('degraded')
    expect(toneOf(day(0, { downSeconds: 1 }))).toBe('down')
  })

  test('with trouble is a taller bar, one that nobody measured a lower one, and each is in words too', () => {
    const html = String(
      Bars({ days: [day(3), day(2, { downSeconds: 600, failed: 10 }), day(0, { degraded: 50 })], now: NOW }),
    )
    expect(html).toContain('aria-label="3 days with data, 2 with trouble"')
    expect(html).toMatch(/class="none" d="M0 30/)
    expect(html).toMatch(/class="up" d="M516 12/)
    expect(html).toMatch(/class="degraded" d="M534 4/)
    expect(html).toMatch(/class="down" d="M522 0/)
    expect(html).toContain('<time datetime="2026-11-22">22 Nov 2026</time>: down for 10 min, 10 of 100 checks failed')
  })

  test('is a UTC day, today the last of ninety', () => {
    expect(lastDays(NOW, 90)).toHaveLength(90)
    expect(lastDays(NOW, 2)).toEqual(['2026-11-23', '2026-11-24'])
  })
})

/** Lines of the drawing itself; its key has lines of its own. */
function linesOf(html: string): Record<string, string> {
  const [, drawing = ''] = /<svg[^>]*role="img"[^>]*>(.*?)<\/svg>/s.exec(html) ?? []
  return Object.fromEntries([...drawing.matchAll(/class="(p50|p95|p99)" d="([^"]*)"/g)].map(([, name, d]) => [name, d]))
}

describe('the chart', () => {
  const point = (at: number, rest = {}) => ({ at, p50: 100, p95: 200, p99: 200, failed: 0, checks: 5, ...rest })

  test('draws no line where nothing was measured', () => {
    const series = [0, 60, 120, 600, 660].map((at) => point(at * 1000))
    expect(runsOf(series).map((run) => run.length)).toEqual([3, 2])
    const html = String(LatencyChart({ series, incidents: [], from: 0, to: 1_000_000 }))
    expect(linesOf(html).p50?.match(/M/g)).toHaveLength(2)
  })

  test('draws no line to zero through an outage: what did not answer took no time', () => {
    const outage = { p50: 0, p95: 0, p99: 0, failed: 5 }
    const series = [point(0), point(60_000), point(120_000, outage), point(180_000), point(240_000)]
    const html = String(LatencyChart({ series, incidents: [], from: 0, to: 1_000_000 }))
    expect(linesOf(html).p50).toBe('M0 100L60 100M180 100L240 100')
    expect(html).toContain('aria-label="Latency, last p50 100 ms, p95 200 ms and p99 200 ms, 0 incidents"')
    const down = String(LatencyChart({ series: [point(0), point(60_000, outage)], incidents: [], from: 0, to: 1e6 }))
    expect(down).toContain('last p50 100 ms')
    expect(down).toMatch(/<td[^>]*data-label="p50"[^>]*>–<\/td>/)
  })

  test('keeps every point, in order, whatever the gaps', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000_000)), (times) => {
        const points = times.toSorted((a, b) => a - b).map((at) => ({ at }))
        expect(runsOf(points).flat()).toEqual(points)
      }),
    )
  })

  test('stays inside its frame and holds no figure that is not one', () => {
    const when = fc.integer({ min: -1000, max: 2_000_000 })
    const figures = fc.record({
      at: when,
      p50: fc.nat(60_000),
      p95: fc.nat(60_000),
      p99: fc.nat(60_000),
      failed: fc.nat(3),
      checks: fc.nat(9),
    })
    fc.assert(
      fc.property(fc.uniqueArray(figures, { selector: ({ at }) => at, maxLength: 30 }), (series) => {
        const sorted = series.toSorted((a, b) => a.at - b.at)
        const html = String(LatencyChart({ series: sorted, incidents: [], from: 0, to: 1_000_000 }))
        expect(html).not.toMatch(/NaN|Infinity|undefined/)
        for (const line of Object.values(linesOf(html)))
          for (const [, x, y] of line.matchAll(/[ML](-?\d+) (-?\d+)/g)) {
            expect(Number(x)).toBeGreaterThanOrEqual(0)
            expect(Number(x)).toBeLessThanOrEqual(1000)
            expect(Number(y)).toBeGreaterThanOrEqual(0)
            expect(Number(y)).toBeLessThanOrEqual(200)
          }
      }),
      { numRuns: 50 },
    )
  })

  test('has a scale that ends in a round figure above all others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        (value) => ceiling(value) >= value && ceiling(value) <= 4 * value + 4,
      ),
    )
    expect([1, 37, 412, 780, 1000, 1200].map(ceiling)).toEqual([4, 40, 600, 800, 1000, 2000])
  })

  test('shades an incident that is still open up to now, and says how many there were', () => {
    const incidents = [{ startedAt: new Date(500_000).toISOString(), resolvedAt: null }]
    const html = String(LatencyChart({ series: [point(0)], incidents, from: 0, to: 1_000_000 }))
    expect(html).toContain('<rect class="incident" x="500" y="0" width="500"')
    expect(html).toContain('aria-label="Latency, last p50 100 ms, p95 200 ms and p99 200 ms, 1 incident"')
  })
})

test('times are exact, in UTC, and durations short', () => {
  expect(exactTime(NOW)).toBe('24 Nov 2026, 14:32:10 UTC')
  expect([0, 59_000, 60_000, 7_500_000, 7_200_000, 172_800_000].map(duration)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '2 h 5 min',
    '2 h',
    '2 d',
  ])
})

test('the form offers the intervals of the plan, and the one that the monitor has already', () => {
  expect(intervalsFor(300, undefined)).toEqual([300, 600, 1800, 3600])
  expect(intervalsFor(300, 45)).toEqual([45, 300, 600, 1800, 3600])
  expect(intervalsFor(30, 60)).toEqual([30, 60, 120, 300, 600, 1800, 3600])
})
