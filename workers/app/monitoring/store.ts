import type { ErrorClass, Evidence } from '../../../shared/domain/check.ts'
import type { ScheduledMonitor, Transition } from '../../../shared/domain/schedule.ts'
import type { JudgeState } from './judge.ts'
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  packHour,
  packMinute,
  type SlotPoint,
  unpackMinute,
  unpackWholeHour,
} from './results.ts'

/** How long what is kept. The last hour's minutes become an hour's blob once it is over. */
export const KEEP = { hoursMs: 32 * DAY_MS, daysMs: 400 * DAY_MS, evidenceMs: 30 * DAY_MS }
/** Evidence rows a monitor at most. */
const MAX_EVIDENCE = 200

/** A monitor as the object keeps it: what was said, where its results are, and how it stands. */
export interface Watched {
  slot: number
  workspaceId: string
  monitor: ScheduledMonitor
  state: JudgeState
}

export interface EvidenceRow {
  at: number
  latencyMs: number
  status: number
  errorClass: ErrorClass
  region: string
  message: string
  evidence: Evidence
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS minute (minute INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS hour (hour INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS day (day INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS outage (slot INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, PRIMARY KEY (slot, started_at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence (slot INTEGER NOT NULL, at INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (slot, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transition (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);
`

type Sql = DurableObjectStorage['sql']

const blobs = (sql: Sql, query: string, ...values: number[]) =>
  sql.exec<{ at: number; data: ArrayBuffer }>(query, ...values).toArray()

function monitorRows({ kv }: DurableObjectStorage) {
  return {
    monitors: (): Watched[] => [...kv.list<Watched>({ prefix: 'monitor:' })].map(([, watched]) => watched),
    putMonitor: (watched: Watched) => kv.put(`monitor:${watched.monitor.id}`, watched),
    deleteMonitor: (id: string) => kv.delete(`monitor:${id}`),

    /** Slots are never used twice: old results would become another monitor's. */
    newSlot(): number {
      const slot = kv.get<number>('nextSlot') ?? 0
      kv.put('nextSlot', slot + 1)
      return slot
    },
  }
}

function minuteRows({ sql }: DurableObjectStorage) {
  return {
    minuteOf: (at: number) => at - (at % MINUTE_MS),

    /** Results of a minute, from its row; none when there is no row. */
    minute: (minute: number): SlotPoint[] =>
      blobs(sql, 'SELECT minute AS at, data FROM minute WHERE minute = ?', minute).flatMap((row) =>
        unpackMinute(row.data, minute),
      ),

    putMinute: (minute: number, points: SlotPoint[]) =>
      sql.exec(
        'INSERT INTO minute (minute, data) VALUES (?, ?) ON CONFLICT (minute) DO UPDATE SET data = excluded.data',
        minute,
        packMinute(points),
      ),

    /** Results of the minutes of [from, to) that are not compacted yet. */
    minutesBetween: (from: number, to: number): SlotPoint[] =>
      blobs(
        sql,
        'SELECT minute AS at, data FROM minute WHERE minute >= ? AND minute < ? ORDER BY minute',
        from,
        to,
      ).flatMap((row) => unpackMinute(row.data, row.at)),

    /** When the newest stored result was made; 0 when there is none. */
    newestAt(): number {
      const [row] = blobs(sql, 'SELECT minute AS at, data FROM minute ORDER BY minute DESC LIMIT 1')
      if (row) return Math.max(row.at, ...unpackMinute(row.data, row.at).map((point) => point.at))
      const [hour] = sql.exec<{ hour: number | null }>('SELECT max(hour) AS hour FROM hour').toArray()
      return hour?.hour ? hour.hour + HOUR_MS : 0
    },
  }
}

function hourAndDayRows(storage: DurableObjectStorage) {
  const { sql } = storage
  const { minutesBetween } = minuteRows(storage)
  const hoursBetween = (from: number, to: number) =>
    blobs(sql, 'SELECT hour AS at, data FROM hour WHERE hour >= ? AND hour < ? ORDER BY hour', from, to)
  return {
    hoursBetween,

    /** Turns the minutes of hours that are over into one row an hour. What comes late joins what is packed already. */
    compact(now: number): void {
      const [oldest] = sql.exec<{ minute: number | null }>('SELECT min(minute) AS minute FROM minute').toArray()
      if (oldest?.minute === null || oldest === undefined) return
      const current = now - (now % HOUR_MS)
      for (let hour = oldest.minute - (oldest.minute % HOUR_MS); hour < current; hour += HOUR_MS)
        storage.transactionSync(() => {
          const points = minutesBetween(hour, hour + HOUR_MS)
          const packed = hoursBetween(hour, hour + HOUR_MS).flatMap((row) => unpackWholeHour(row.data, hour))
          if (points.length > 0)
            sql.exec('INSERT OR REPLACE INTO hour (hour, data) VALUES (?, ?)', hour, packHour([...packed, ...points]))
          sql.exec('DELETE FROM minute WHERE minute >= ? AND minute < ?', hour, hour + HOUR_MS)
        })
    },

    daysBetween: (from: number, to: number) =>
      blobs(sql, 'SELECT day AS at, data FROM day WHERE day >= ? AND day < ? ORDER BY day', from, to),
    hasDay: (day: number) => sql.exec('SELECT 1 FROM day WHERE day = ?', day).toArray().length > 0,
    putDay: (day: number, data: ArrayBuffer) =>
      sql.exec('INSERT OR REPLACE INTO day (day, data) VALUES (?, ?)', day, data),
  }
}

function outageRows({ sql }: DurableObjectStorage) {
  return {
    openOutage: (slot: number, startedAt: number) =>
      sql.exec('INSERT OR IGNORE INTO outage (slot, started_at) VALUES (?, ?)', slot, startedAt),
    closeOutage: (slot: number, endedAt: number) =>
      sql.exec('UPDATE outage SET ended_at = max(?, started_at) WHERE slot = ? AND ended_at IS NULL', endedAt, slot),
    outages: (slot: number, from: number) =>
      sql
        .exec<{ startedAt: number; endedAt: number | null }>(
          'SELECT started_at AS startedAt, ended_at AS endedAt FROM outage WHERE slot = ? AND (ended_at IS NULL OR ended_at > ?)',
          slot,
          from,
        )
        .toArray(),
  }
}

function evidenceRows({ sql }: DurableObjectStorage) {
  return {
    putEvidence(slot: number, row: EvidenceRow): void {
      sql.exec('INSERT OR REPLACE INTO evidence (slot, at, row) VALUES (?, ?, ?)', slot, row.at, JSON.stringify(row))
      sql.exec(
        'DELETE FROM evidence WHERE slot = ? AND at <= (SELECT at FROM evidence WHERE slot = ? ORDER BY at DESC LIMIT 1 OFFSET ?)',
        slot,
        slot,
        MAX_EVIDENCE,
      )
    },
    evidence: (slot: number, limit: number): EvidenceRow[] =>
      sql
        .exec<{ row: string }>('SELECT row FROM evidence WHERE slot = ? ORDER BY at DESC LIMIT ?', slot, limit)
        .toArray()
        .map(({ row }) => JSON.parse(row)),
    /** Oldest first, both ends included. */
    evidenceBetween: (slot: number, from: number, to: number, limit: number): EvidenceRow[] =>
      sql
        .exec<{ row: string }>(
          'SELECT row FROM evidence WHERE slot = ? AND at >= ? AND at <= ? ORDER BY at LIMIT ?',
          slot,
          from,
          to,
          limit,
        )
        .toArray()
        .map(({ row }) => JSON.parse(row)),
  }
}

function transitionRows({ sql }: DurableObjectStorage) {
  return {
    putTransition: (transition: Transition, workspaceId: string) =>
      sql.exec('INSERT INTO transition (data) VALUES (?)', JSON.stringify({ transition, workspaceId })),
    transitions: () =>
      sql
        .exec<{ id: number; data: string }>('SELECT id, data FROM transition ORDER BY id LIMIT 50')
        .toArray()
        .map(({ id, data }) => ({ id, ...(JSON.parse(data) as { transition: Transition; workspaceId: string }) })),
    deleteTransition: (id: number) => sql.exec('DELETE FROM transition WHERE id = ?', id),
  }
}

/** The object's own SQLite: nobody else's telemetry is in it. */
export function openStore(storage: DurableObjectStorage) {
  const { sql } = storage
  sql.exec(SCHEMA)
  const rows = {
    ...monitorRows(storage),
    ...minuteRows(storage),
    ...hourAndDayRows(storage),
    ...outageRows(storage),
    ...evidenceRows(storage),
    ...transitionRows(storage),
  }
  return {
    ...rows,

    /** How a monitor stands now, the attempt that made it so, and what the workspace has to hear: all of it, or nothing. */
    putJudged(watched: Watched, attempt: EvidenceRow, transitions: Transition[]): void {
      const { slot, workspaceId } = watched
      storage.transactionSync(() => {
        rows.putMonitor(watched)
        rows.putEvidence(slot, attempt)
        for (const transition of transitions) {
          rows.putTransition(transition, workspaceId)
          if (transition.type === 'incident.open') rows.openOutage(slot, transition.startedAt)
          else rows.closeOutage(slot, transition.resolvedAt)
        }
      })
    },

    prune(now: number): void {
      sql.exec('DELETE FROM hour WHERE hour < ?', now - KEEP.hoursMs)
      sql.exec('DELETE FROM day WHERE day < ?', now - KEEP.daysMs)
      sql.exec('DELETE FROM evidence WHERE at < ?', now - KEEP.evidenceMs)
      sql.exec('DELETE FROM outage WHERE ended_at < ?', now - KEEP.daysMs)
    },
  }
}

export type Store = ReturnType<typeof openStore>
