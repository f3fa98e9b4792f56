import type {
  DaySummary,
  MonitorDetail,
  MonitorHistory,
  MonitorStatus,
  MonitorSummary,
  ResultPoint,
} from '../../../shared/domain/schedule.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Point, unpackHour } from './results.ts'
import {
  dayOf,
  dayStart,
  daySummary,
  downSeconds,
  latencies,
  measuredSeconds,
  staleAfterMs,
  summarise,
  unpackDay,
} from './rollup.ts'
import type { Store, Watched } from './store.ts'

/** How a monitor stands. Without recent results that is not known, and "up" is not said. */
export function statusOf(watched: Watched, lastCheckedAt: number | null, now: number): MonitorStatus {
  if (!watched.monitor.active) return 'paused'
  if (watched.state.status === 'pending') return 'pending'
  return lastCheckedAt === null || now - lastCheckedAt > staleAfterMs(watched.monitor) ? 'stale' : watched.state.status
}

/**
 * The newest result of each monitor, by its id, of the last day or as far back as it says how the monitor stands. A
 * fault of ours is no result. Hours are read one by one, newest first, until nothing is missing.
 */
export function lastPoints(store: Store, watched: Watched[], now: number): Map<string, Point> {
  const found = new Map<string, Point>()
  if (watched.length === 0) return found
  const take = (points: (slot: number) => Point[]) => {
    for (const { slot, monitor } of watched) {
      const point = found.has(monitor.id)
        ? undefined
        : points(slot).findLast((one) => one.errorClass !== 'probe_internal')
      if (point) found.set(monitor.id, point)
    }
  }
  const recent = Map.groupBy(store.minutesBetween(0, now + MINUTE_MS), (point) => point.slot)
  take((slot) => recent.get(slot) ?? [])
  const oldest = now - Math.max(DAY_MS, ...watched.map(({ monitor }) => staleAfterMs(monitor)))
  for (let hour = now - (now % HOUR_MS); hour > oldest - HOUR_MS && found.size < watched.length; hour -= HOUR_MS)
    for (const row of store.hoursBetween(hour, hour + HOUR_MS)) take((slot) => unpackHour(row.data, row.at, slot))
  return found
}

/** Results of one monitor in [from, to), oldest first: hours that are packed, then minutes that are not yet. */
export function pointsBetween(store: Store, slot: number, from: number, to: number): Point[] {
  const packed = store.hoursBetween(from - (from % HOUR_MS), to).flatMap((row) => unpackHour(row.data, row.at, slot))
  const recent = store.minutesBetween(from - (from % 60_000), to).filter((point) => point.slot === slot)
  return [...packed, ...recent].filter((point) => point.at >= from && point.at < to)
}

function todayOf(store: Store, { slot, monitor }: Watched, now: number): DaySummary | null {
  const from = dayStart(now)
  const staleMs = staleAfterMs(monitor)
  const all = pointsBetween(store, slot, from - staleMs, now + 1000)
  const points = all.filter(({ at }) => at >= from)
  if (points.length === 0) return null
  const outages = store.outages(slot, from)
  const down = downSeconds(outages, from, now)
  const measured = measuredSeconds(all, staleMs, outages, from, now)
  return daySummary(dayOf(now), summarise(slot, points, monitor.degradedAfterMs, { down, measured }))
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

/** What is kept of the past of monitors, in figures. */
export const historiesOf = (
  store: Store,
  watched: ReadonlyMap<string, Watched>,
  summaries: MonitorSummary[],
): MonitorHistory[] =>
  summaries.flatMap(({ id, days }) => {
    const one = watched.get(id)
    return one ? { id, days, outages: store.outages(one.slot, 0) } : []
  })

/** A failure and the check that disproves it may share a second, which is all that a packed result says of its time. */
const evidenceKey = ({ at, errorClass, status }: Pick<Point, 'at' | 'errorClass' | 'status'>) =>
  `${Math.floor(at / 1000)} ${errorClass} ${status}`

function resultPoints(store: Store, slot: number, points: Point[], regions: string[], limit: number): ResultPoint[] {
  const evidence = new Map(store.evidence(slot, limit * 2).map((row) => [evidenceKey(row), row]))
  return points
    .slice(-limit)
    .toReversed()
    .map((point) => {
      const row = evidence.get(evidenceKey(point))
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
      const { p50, p95, p99 } = latencies(list)
      return { at, p50, p95, p99, failed: failed(list), checks: list.length }
    }),
    results: resultPoints(store, slot, points, regions, 50),
  }
}
