import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deserialize } from 'node:v8'
import type { CheckResult } from '../../shared/domain/check.ts'
import type { Transition } from '../../shared/domain/schedule.ts'
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  packHour,
  packMinute,
  type SlotPoint,
} from '../../workers/app/monitoring/results.ts'
import {
  dayStart,
  downSeconds,
  measuredSeconds,
  packDay,
  staleAfterMs,
  summarise,
} from '../../workers/app/monitoring/rollup.ts'

/** What a made-up past looks like. */
export interface Past {
  monitorId: string
  /** How many days of it there are. */
  days: number
  /** Its usual latency. */
  latencyMs: number
  degradedAfterMs: number | null
  /** Outages that are over, oldest first, each with how many hours ago it began. */
  outages: { hoursAgo: number; minutes: number }[]
  /** Days on which it was slow for hours. */
  slowDaysAgo: number[]
}

/** Results of this many days are there one by one; older ones only as their day's figures. */
const DETAILED_DAYS = 8

/** The same numbers each time, from 0 up to 1: two runs make the same picture. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const outagesOf = ({ outages }: Past, now: number) =>
  outages.map(({ hoursAgo, minutes }) => {
    const startedAt = now - hoursAgo * HOUR_MS
    return { startedAt, endedAt: startedAt + minutes * MINUTE_MS }
  })

/** One result a minute in [from, to). */
function pointsOf(past: Past, slot: number, from: number, to: number, now: number): SlotPoint[] {
  const next = numbers(slot + Math.floor(from / DAY_MS))
  const outages = outagesOf(past, now)
  const points: SlotPoint[] = []
  for (let at = from; at < to; at += MINUTE_MS) {
    const isDown = outages.some(({ startedAt, endedAt }) => at >= startedAt && at < endedAt)
    const hour = (at % DAY_MS) / HOUR_MS
    const isSlow =
      past.slowDaysAgo.some((ago) => dayStart(now) - ago * DAY_MS === dayStart(at)) && hour > 9 && hour < 14
    // Busier by day than by night, now and then a slow answer.
    const rhythm = 1 + 0.25 * Math.sin(((hour - 8) / 24) * 2 * Math.PI)
    const spike = next() > 0.97 ? 1.8 : 1
    const latencyMs = past.latencyMs * rhythm * spike * (0.9 + 0.2 * next()) * (isSlow ? 5 : 1)
    points.push({ slot, at, latencyMs, status: isDown ? 503 : 200, errorClass: isDown ? 'http' : 'none', region: 0 })
  }
  return points
}

const FAILED: Omit<CheckResult, 'id' | 'at'> = {
  region: 'local',
  latencyMs: 48,
  status: 503,
  errorClass: 'http',
  message: 'Answered 503 Service Unavailable.',
  evidence: { statusLine: 'HTTP 503 Service Unavailable', headers: [], body: '', hops: [] },
}

/** What the workspace is told of an outage: the same two changes as of a real one. */
function transitionsOf({ monitorId }: Past, startedAt: number, endedAt: number): Transition[] {
  const { region, status, errorClass, message } = FAILED
  const evidence = [0, 1, 2].map((i) => ({ ...FAILED, id: monitorId, at: startedAt + i * 1000 }))
  return [
    { type: 'incident.open', monitorId, startedAt, cause: { region, status, errorClass, message }, evidence },
    { type: 'incident.resolve', monitorId, startedAt, resolvedAt: endedAt },
  ]
}

interface Watched {
  slot: number
  workspaceId: string
  monitor: { intervalSeconds: number; timeoutMs: number }
}

/** Where the monitoring object keeps the results of a monitor. */
function watchedIn(db: DatabaseSync, monitorId: string): Watched {
  const row = db.prepare('SELECT value FROM _cf_KV WHERE key = ?').get(`monitor:${monitorId}`)
  if (!row) throw new Error(`The monitoring object does not know ${monitorId}.`)
  return deserialize(row.value as Uint8Array) as Watched
}

function writeResults(db: DatabaseSync, pasts: [Past, Watched][], now: number): void {
  const day = db.prepare('INSERT OR REPLACE INTO day (day, data) VALUES (?, ?)')
  const hour = db.prepare('INSERT OR REPLACE INTO hour (hour, data) VALUES (?, ?)')
  const minute = db.prepare('INSERT OR IGNORE INTO minute (minute, data) VALUES (?, ?)')
  const blob = (data: ArrayBuffer) => new Uint8Array(data)
  const thisHour = now - (now % HOUR_MS)
  const inStretch = (from: number, to: number) =>
    pasts
      .filter(([{ days }]) => from >= dayStart(now) - (days - 1) * DAY_MS)
      .flatMap(([past, { slot }]) => pointsOf(past, slot, from, to, now))
  const oldest = Math.max(0, ...pasts.map(([{ days }]) => days)) - 1
  for (let at = dayStart(now) - oldest * DAY_MS; at < dayStart(now); at += DAY_MS) {
    const bySlot = Map.groupBy(inStretch(at, at + DAY_MS), (point) => point.slot)
    const records = pasts.flatMap(([past, { slot, monitor }]) => {
      const points = bySlot.get(slot)
      const outages = outagesOf(past, now)
      const down = downSeconds(outages, at, at + DAY_MS)
      if (!points) return []
      const measured = measuredSeconds(points, staleAfterMs(monitor), outages, at, at + DAY_MS)
      return [summarise(slot, points, past.degradedAfterMs, { down, measured })]
    })
    day.run(at, blob(packDay(records)))
  }
  for (let at = thisHour - DETAILED_DAYS * 24 * HOUR_MS; at < thisHour; at += HOUR_MS)
    hour.run(at, blob(packHour(inStretch(at, at + HOUR_MS))))
  for (let at = thisHour; at < now - (now % MINUTE_MS); at += MINUTE_MS)
    minute.run(at, blob(packMinute(inStretch(at, at + MINUTE_MS))))
}

function writeOutages(db: DatabaseSync, pasts: [Past, Watched][], now: number): void {
  const outage = db.prepare('INSERT OR IGNORE INTO outage (slot, started_at, ended_at) VALUES (?, ?, ?)')
  const transition = db.prepare('INSERT INTO transition (data) VALUES (?)')
  for (const [past, { slot, workspaceId }] of pasts)
    for (const { startedAt, endedAt } of outagesOf(past, now)) {
      outage.run(slot, startedAt, endedAt)
      for (const one of transitionsOf(past, startedAt, endedAt))
        transition.run(JSON.stringify({ transition: one, workspaceId }))
    }
}

/**
 * Gives monitors of one machine a past that never was, for pictures and for looking at pages: results in the monitoring
 * object, and outages that it tells the workspace of when Candor starts again, so that incidents, messages and entries of
 * the log come about by their own verbs. Only while Candor is stopped.
 */
export function simulateHistory(stateDir: string, pasts: Past[], now: number): void {
  const names = readdirSync(join(stateDir, 'data'), { recursive: true, encoding: 'utf8' })
  for (const name of names.filter((one) => one.endsWith('.sqlite'))) {
    const db = new DatabaseSync(join(stateDir, 'data', name))
    try {
      const isMonitoring = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'transition'`).get()
      if (!isMonitoring) continue
      const placed = pasts.map((past): [Past, Watched] => [past, watchedIn(db, past.monitorId)])
      db.exec('BEGIN')
      writeResults(db, placed, now)
      writeOutages(db, placed, now)
      db.exec('COMMIT')
      return
    } finally {
      db.close()
    }
  }
  throw new Error('The monitoring object has no file yet.')
}
