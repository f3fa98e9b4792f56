import type {
  DaySummary,
  MonitorDetail,
  MonitorStatus,
  MonitorSummary,
  ResultPoint,
} from '../../../shared/domain/schedule.ts'
import { DAY_MS, HOUR_MS, type Point, unpackHour } from './results.ts'
import { dayOf, dayStart, daySummary, downSeconds, latencies, summarise, unpackDay } from './rollup.ts'
import type { Store, Watched } from './store.ts'

/** Intervals without a result after which nothing is known any more. */
const STALE_INTERVALS = 3

/** How a monitor stands. Without recent results that is not known, and "up" is not said. */
export function statusOf({ monitor, state }: Watched, lastCheckedAt: number | null, now: number): MonitorStatus {
  if (!monitor.active) return 'paused'
  if (state.status === 'pending') return 'pending'
  const limit = STALE_INTERVALS * monitor.intervalSeconds * 1000 + monitor.timeoutMs
  return lastCheckedAt === null || now - lastCheckedAt > limit ? 'stale' : state.status
}

/** Results of one monitor in [from, to), oldest first: hours that are packed, then minutes that are not yet. */
export function pointsBetween(store: Store, slot: number, from: number, to: number): Point[] {
  const packed = store.hoursBetween(from - (from % HOUR_MS), to).flatMap((row) => unpackHour(row.data, row.at, slot))
  const recent = store.minutesBetween(from - (from % 60_000), to).filter((point) => point.slot === slot)
  return [...packed, ...recent].filter((point) => point.at >= from && point.at < to)
}

function todayOf(store: Store, { slot, monitor }: Watched, now: number): DaySummary | null {
  const from = dayStart(now)
  const points = pointsBetween(store, slot, from, now + 1000)
  if (points.length === 0) return null
  const down = downSeconds(store.outages(slot, from), from, now)
  return daySummary(dayOf(now), summarise(slot, points, monitor.degradedAfterMs, down))
}

/** Days of several monitors: each day's row is read once. */
function pastDays(store: Store, slots: Set<number>, days: number, now: number): Map<number, DaySummary[]> {
  const found = new Map<number, DaySummary[]>()
  const today = dayStart(now)
  for (const row of store.daysBetween(today - (days - 1) * DAY_MS, today))
    for (const record of unpackDay(row.data))
      if (slots.has(record.slot)) {
        const list = found.get(record.slot) ?? []
        list.push(daySummary(dayOf(row.at), record))
        found.set(record.slot, list)
      }
  return found
}

export function summarisedMonitors(
  store: Store,
  watched: Watched[],
  last: ReadonlyMap<string, Point>,
  days: number,
  now: number,
): MonitorSummary[] {
  const past = pastDays(store, new Set(watched.map(({ slot }) => slot)), days, now)
  return watched.map((one) => {
    const point = last.get(one.monitor.id)
    const today = days > 0 ? todayOf(store, one, now) : null
    return {
      id: one.monitor.id,
      status: statusOf(one, point?.at ?? null, now),
      since: one.state.since,
      lastCheckedAt: point?.at ?? null,
      lastLatencyMs: point?.latencyMs ?? null,
      days: [...(past.get(one.slot) ?? []), ...(today ? [today] : [])],
    }
  })
}

function resultPoints(store: Store, slot: number, points: Point[], regions: string[], limit: number): ResultPoint[] {
  const evidence = new Map(store.evidence(slot, limit * 2).map((row) => [Math.floor(row.at / 1000), row]))
  return points
    .slice(-limit)
    .toReversed()
    .map((point) => {
      const row = evidence.get(Math.floor(point.at / 1000))
      return {
        ...point,
        region: regions[point.region] ?? '',
        message: row?.message ?? '',
        evidence: row?.evidence ?? null,
      }
    })
}

/** Everything the page of one monitor shows. `periodMs` and `bucketMs` are the chart's. */
export function detailOf(
  store: Store,
  watched: Watched,
  summary: MonitorSummary,
  chart: { periodMs: number; bucketMs: number },
  regions: string[],
  now: number,
): MonitorDetail {
  const { slot } = watched
  const points = pointsBetween(store, slot, now - Math.max(chart.periodMs, DAY_MS), now + 1000)
  const day = points.filter((point) => point.at >= now - DAY_MS && point.errorClass !== 'probe_internal')
  const buckets = Map.groupBy(
    points.filter((point) => point.at >= now - chart.periodMs && point.errorClass !== 'probe_internal'),
    (point) => point.at - (point.at % chart.bucketMs),
  )
  const { p50, p95, p99 } = latencies(day)
  const failed = (list: Point[]) => list.filter((point) => point.errorClass !== 'none').length
  return {
    summary,
    last24h: { checks: day.length, failed: failed(day), p50, p95, p99 },
    series: [...buckets].map(([at, list]) => {
      const figures = latencies(list)
      return { at, p50: figures.p50, p95: figures.p95, failed: failed(list), checks: list.length }
    }),
    results: resultPoints(store, slot, points, regions, 50),
  }
}
