import type { DaySummary } from '../../../shared/domain/schedule.ts'
import { DAY_MS, type Point } from './results.ts'

/*
 * A day of every monitor in one row: one row written a day, whatever the number of monitors.
 *   version 1 · (slot 2 · checks 4 · failed 4 · degraded 4 · down seconds 4 · p50 p75 p90 p95 p99, 2 each)*
 */
const VERSION = 1
const RECORD = 28

export interface DayRecord {
  slot: number
  checks: number
  failed: number
  degraded: number
  downSeconds: number
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

/** Seconds of [from, to) that lie in outages. */
export function downSeconds(
  outages: { startedAt: number; endedAt: number | null }[],
  from: number,
  to: number,
): number {
  const down = outages.reduce((sum, { startedAt, endedAt }) => {
    const overlap = Math.min(endedAt ?? to, to) - Math.max(startedAt, from)
    return sum + Math.max(0, overlap)
  }, 0)
  return Math.round(down / 1000)
}

/** The figures of one monitor over some results. */
export function summarise(slot: number, points: Point[], degradedAfterMs: number | null, down: number): DayRecord {
  const seen = points.filter(counts)
  const isSlow = (point: Point) =>
    degradedAfterMs !== null && point.errorClass === 'none' && point.latencyMs > degradedAfterMs
  return {
    slot,
    checks: seen.length,
    failed: seen.filter((point) => point.errorClass !== 'none').length,
    degraded: seen.filter(isSlow).length,
    downSeconds: down,
    ...latencies(seen),
  }
}

export function packDay(records: DayRecord[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(1 + records.length * RECORD))
  view.setUint8(0, VERSION)
  for (const [i, record] of records.entries()) {
    const at = 1 + i * RECORD
    view.setUint16(at, record.slot)
    const large = [record.checks, record.failed, record.degraded, record.downSeconds]
    for (const [j, value] of large.entries()) view.setUint32(at + 2 + j * 4, value)
    const small = [record.p50, record.p75, record.p90, record.p95, record.p99]
    for (const [j, value] of small.entries()) view.setUint16(at + 18 + j * 2, value)
  }
  return view.buffer as ArrayBuffer
}

export function unpackDay(blob: ArrayBuffer): DayRecord[] {
  const view = new DataView(blob)
  if (view.getUint8(0) !== VERSION) throw new Error(`A packed day of version ${view.getUint8(0)} is unknown.`)
  return Array.from({ length: Math.floor((blob.byteLength - 1) / RECORD) }, (_, i) => {
    const at = 1 + i * RECORD
    const u32 = (offset: number) => view.getUint32(at + offset)
    const u16 = (offset: number) => view.getUint16(at + offset)
    return {
      slot: u16(0),
      checks: u32(2),
      failed: u32(6),
      degraded: u32(10),
      downSeconds: u32(14),
      p50: u16(18),
      p75: u16(20),
      p90: u16(22),
      p95: u16(24),
      p99: u16(26),
    }
  })
}

/** `2026-11-24` of a moment. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
export const dayStart = (at: number): number => at - (at % DAY_MS)

export function daySummary(day: string, { slot: _, p75: __, p90: ___, p99: ____, ...record }: DayRecord): DaySummary {
  return { day, ...record }
}
