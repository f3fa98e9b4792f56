import type { DaySummary, ScheduledMonitor } from '../../../shared/domain/schedule.ts'
import { DAY_MS, type Point } from './results.ts'

/*
 * A day of every monitor in one row: one row written a day, whatever the number of monitors.
 *   version 2 · (slot 2 · checks 4 · failed 4 · degraded 4 · down seconds 4 · measured seconds 4 · p50 p75 p90 p95 p99, 2
 *   each)*
 * Version 1 had no measured seconds. Of those days nobody knows them any more: they count as whole.
 */
const VERSION = 2
const RECORDS: Record<number, number> = { 1: 28, 2: 32 }

export interface DayRecord {
  slot: number
  checks: number
  failed: number
  degraded: number
  downSeconds: number
  /** How much of the day is known: time that a result speaks for, or that lies in an outage. */
  measuredSeconds: number
  p50: number
  p75: number
  p90: number
  p95: number
  p99: number
}

/** Nearest-rank percentile of ascending values; 0 of none. */
export function percentile(ascending: number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? 0
}

/** Latency figures are of the checks that passed: a time-out's length says nothing about the target's speed. */
export function latencies(points: Point[]) {
  const passed = points.filter((point) => point.errorClass === 'none').map((point) => point.latencyMs)
  const ascending = passed.toSorted((a, b) => a - b)
  const [p50 = 0, p75 = 0, p90 = 0, p95 = 0, p99 = 0] = [0.5, 0.75, 0.9, 0.95, 0.99].map((p) =>
    percentile(ascending, p),
  )
  return { p50, p75, p90, p95, p99 }
}

const counts = (point: Point) => point.errorClass !== 'probe_internal'

interface Outage {
  startedAt: number
  endedAt: number | null
}

/** Seconds of [from, to) that lie in outages. */
export function downSeconds(outages: Outage[], from: number, to: number): number {
  const down = outages.reduce((sum, { startedAt, endedAt }) => {
    const overlap = Math.min(endedAt ?? to, to) - Math.max(startedAt, from)
    return sum + Math.max(0, overlap)
  }, 0)
  return Math.round(down / 1000)
}

/** Intervals without a result after which nothing is known any more. */
const STALE_INTERVALS = 3

/** How long a result speaks for its monitor, when no other one comes. */
export const staleAfterMs = ({ intervalSeconds, timeoutMs }: Pick<ScheduledMonitor, 'intervalSeconds' | 'timeoutMs'>) =>
  STALE_INTERVALS * intervalSeconds * 1000 + timeoutMs

/** Seconds of [from, to) of which is known how the monitor stood: a result spoke for it, or an outage was open. */
export function measuredSeconds(points: Point[], staleMs: number, outages: Outage[], from: number, to: number): number {
  const spans = [
    ...points.filter(counts).map(({ at }) => [at, at + staleMs] as const),
    ...outages.map(({ startedAt, endedAt }) => [startedAt, endedAt ?? to] as const),
  ].toSorted(([a], [b]) => a - b)
  let known = from
  let ms = 0
  for (const [start, end] of spans) {
    ms += Math.max(0, Math.min(end, to) - Math.max(start, known))
    known = Math.max(known, end)
  }
  return Math.round(ms / 1000)
}

/** The figures of one monitor over some results. */
export function summarise(
  slot: number,
  points: Point[],
  degradedAfterMs: number | null,
  { down, measured }: { down: number; measured: number },
): DayRecord {
  const seen = points.filter(counts)
  const isSlow = (point: Point) =>
    degradedAfterMs !== null && point.errorClass === 'none' && point.latencyMs > degradedAfterMs
  return {
    slot,
    checks: seen.length,
    failed: seen.filter((point) => point.errorClass !== 'none').length,
    degraded: seen.filter(isSlow).length,
    downSeconds: down,
    measuredSeconds: measured,
    ...latencies(seen),
  }
}

export function packDay(records: DayRecord[]): ArrayBuffer {
  const size = RECORDS[VERSION] ?? 0
  const view = new DataView(new ArrayBuffer(1 + records.length * size))
  view.setUint8(0, VERSION)
  for (const [i, record] of records.entries()) {
    const at = 1 + i * size
    view.setUint16(at, record.slot)
    const large = [record.checks, record.failed, record.degraded, record.downSeconds, record.measuredSeconds]
    for (const [j, value] of large.entries()) view.setUint32(at + 2 + j * 4, value)
    const small = [record.p50, record.p75, record.p90, record.p95, record.p99]
    for (const [j, value] of small.entries()) view.setUint16(at + 22 + j * 2, value)
  }
  return view.buffer as ArrayBuffer
}

export function unpackDay(blob: ArrayBuffer): DayRecord[] {
  const view = new DataView(blob)
  const version = view.getUint8(0)
  const size = RECORDS[version]
  if (size === undefined) throw new Error(`A packed day of version ${version} is unknown.`)
  const small = size - 10
  return Array.from({ length: Math.floor((blob.byteLength - 1) / size) }, (_, i) => {
    const at = 1 + i * size
    const u32 = (offset: number) => view.getUint32(at + offset)
    const u16 = (offset: number) => view.getUint16(at + offset)
    return {
      slot: u16(0),
      checks: u32(2),
      failed: u32(6),
      degraded: u32(10),
      downSeconds: u32(14),
      measuredSeconds: version === 1 ? DAY_MS / 1000 : u32(18),
      p50: u16(small),
      p75: u16(small + 2),
      p90: u16(small + 4),
      p95: u16(small + 6),
      p99: u16(small + 8),
    }
  })
}

/** `2026-11-24` of a moment. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
export const dayStart = (at: number): number => at - (at % DAY_MS)

export function daySummary(day: string, { slot: _, p75: __, p90: ___, p99: ____, ...record }: DayRecord): DaySummary {
  return { day, ...record }
}
