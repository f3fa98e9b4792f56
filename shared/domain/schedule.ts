/** What the scheduling object knows of a monitor, and what it tells about it. */
import type { CheckResult, ErrorClass, Evidence } from './check.ts'

/** A copy of what the control plane says, with secrets still sealed. */
export interface ScheduledMonitor {
  id: string
  /** Audit sequence of the last change: an older copy arriving late is ignored. */
  version: number
  active: boolean
  intervalSeconds: number
  timeoutMs: number
  degradedAfterMs: number | null
  kind: 'http'
  url: string
  method: string
  followRedirects: boolean
  /** Sealed JSON `[{key, value}]`, or null. */
  sealedHeaders: Uint8Array | null
  /** Sealed text, or null. */
  sealedBody: Uint8Array | null
  /** Salts of the workspace's key epochs, to open what is sealed. */
  keys: { epoch: number; salt: Uint8Array }[]
}

/** `pending`: not checked yet. `stale`: no result for three intervals; shown grey, never green. */
export type MonitorStatus = 'pending' | 'up' | 'degraded' | 'down' | 'paused' | 'stale'

/** One UTC day of one monitor. */
export interface DaySummary {
  /** `2026-11-24` */
  day: string
  checks: number
  failed: number
  degraded: number
  downSeconds: number
  /** Of the day's seconds, those that results or an outage speak for. */
  measuredSeconds: number
  p50: number
  p95: number
}

export interface MonitorSummary {
  id: string
  status: MonitorStatus
  /** Since when it has this status, Unix milliseconds; null when pending. */
  since: number | null
  lastCheckedAt: number | null
  lastLatencyMs: number | null
  /** Oldest first; days without data are absent. */
  days: DaySummary[]
}

/** What is kept of a monitor's past in figures: 400 days. Times in Unix milliseconds. */
export interface MonitorHistory {
  id: string
  /** Oldest first; days without data are absent. */
  days: DaySummary[]
  outages: { startedAt: number; endedAt: number | null }[]
}

export interface ResultPoint {
  at: number
  latencyMs: number
  status: number
  errorClass: ErrorClass
  region: string
  message: string
  evidence: Evidence | null
}

export interface MonitorDetail {
  summary: MonitorSummary
  last24h: { checks: number; failed: number; p50: number; p95: number; p99: number }
  /** Chart: one point per bucket of the asked period, oldest first; empty buckets absent. */
  series: { at: number; p50: number; p95: number; p99: number; failed: number; checks: number }[]
  /** Newest first, at most 50. */
  results: ResultPoint[]
}

/** A change that the workspace must hear of. */
export type Transition =
  | {
      type: 'incident.open'
      monitorId: string
      startedAt: number
      cause: { errorClass: ErrorClass; status: number; message: string; region: string }
      /** Of the first failure and of the re-check that confirmed it. */
      evidence: CheckResult[]
    }
  | { type: 'incident.resolve'; monitorId: string; startedAt: number; resolvedAt: number }
