import { DurableObject } from 'cloudflare:workers'
import type { CheckResult } from '../../../shared/domain/check.ts'
import type {
  MonitorDetail,
  MonitorHistory,
  MonitorSummary,
  ResultPoint,
  ScheduledMonitor,
} from '../../../shared/domain/schedule.ts'
import { configOf, type Env } from '../bindings.ts'
import { kidOf } from '../crypto/sealed.ts'
import { checkBatch, inBatches } from './check.ts'
import { dailyWork } from './daily.ts'
import { DueTimes } from './due-times.ts'
import { INITIAL, judge, sameState } from './judge.ts'
import { keepMinute } from './minute.ts'
import type { Point } from './results.ts'
import { openStore, type Watched } from './store.ts'
import { detailOf, historiesOf, lastPoints, summarisedMonitors } from './summary.ts'
import { deliverTransitions } from './transitions.ts'

/** One region now; the list is configuration, and results carry the index. */
const REGIONS = ['local']
/** An object that nobody talks to is evicted after about ten seconds: what is in memory by then is lost. */
const FLUSH_WHEN_IDLE_MS = 5000
const RETRY_TRANSITIONS_MS = 10_000
/** Attempts that an incident shows: three open it, two resolve it. */
const MAX_EVIDENCE = 20
/** The watchdog sets an alarm that should have fired this long ago. */
const LATE_MS = 5000

/**
 * Schedules the checks of one workspace, judges them and keeps the results. It never probes: an object has few
 * connections, and a slow target would keep it awake.
 */
export class Monitoring extends DurableObject<Env> {
  readonly #store = openStore(this.ctx.storage)
  readonly #watched = new Map<string, Watched>()
  readonly #due = new DueTimes(this.ctx.id.toString())
  readonly #running = new Set<string>()
  readonly #last = new Map<string, Point>()
  readonly #minute = keepMinute(this.#store)
  /** While the workspace is being deleted nothing is checked; all states stay. `version`: of the last word about it. */
  #suspended = this.ctx.storage.kv.get<{ on: boolean; version: number }>('suspended') ?? { on: false, version: -1 }
  #lastTickAt: number | null = null
  #lagMs = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const newest = this.#store.newestAt()
    for (const watched of this.#store.monitors()) {
      this.#watched.set(watched.monitor.id, watched)
      this.#due.plan(watched, newest).recheck(watched)
    }
  }

  /** What a monitor is now. An older copy than the one at hand is ignored. */
  async put(workspaceId: string, monitor: ScheduledMonitor): Promise<void> {
    const known = this.#watched.get(monitor.id)
    if (known && known.monitor.version >= monitor.version) return
    const starts = monitor.active && !known?.monitor.active
    const watched: Watched = {
      slot: known?.slot ?? this.#store.newSlot(),
      workspaceId,
      monitor,
      state: starts || !known || !monitor.active ? INITIAL : known.state,
    }
    if (!monitor.active) this.#store.closeOutage(watched.slot, Date.now())
    this.#store.putMonitor(watched)
    this.#watched.set(monitor.id, watched)
    this.#due.plan(watched, Date.now())
    if (starts) this.#due.set(monitor.id, Date.now())
    await this.#arm()
  }

  async remove(monitorId: string): Promise<void> {
    const known = this.#watched.get(monitorId)
    if (known) this.#store.closeOutage(known.slot, Date.now())
    this.#store.deleteMonitor(monitorId)
    this.#watched.delete(monitorId)
    this.#due.delete(monitorId)
    this.#last.delete(monitorId)
    await this.#arm()
  }

  /** All checks stop, or go on where they were. An older word than the last one is ignored. */
  async suspend(on: boolean, version: number): Promise<void> {
    if (this.#suspended.version >= version) return
    this.#suspended = { on, version }
    this.ctx.storage.kv.put('suspended', this.#suspended)
    for (const watched of this.#watched.values()) this.#due.plan(watched, Date.now()).recheck(watched)
    if (on) await this.ctx.storage.deleteAlarm()
    await this.#arm()
  }

  /** The workspace is over: nothing of it stays here, no alarm either. */
  async erase(): Promise<void> {
    for (const remembered of [this.#watched, this.#due, this.#last]) remembered.clear()
    this.#minute.drop()
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
  }

  /** How monitors stand, with their days. `ids` null: all. Never wakes a probe. */
  async summaries(ids: string[] | null, days: number): Promise<MonitorSummary[]> {
    this.#minute.flush()
    const now = Date.now()
    const asked = ids === null ? [...this.#watched.values()] : ids.flatMap((id) => this.#watched.get(id) ?? [])
    // What was checked before this object was woken; only pages need it.
    const unknown = asked.filter(({ monitor }) => !this.#last.has(monitor.id))
    for (const [id, point] of lastPoints(this.#store, unknown, now)) this.#last.set(id, point)
    return summarisedMonitors(this.#store, asked, this.#last, Math.min(days, 400), now)
  }

  async detail(monitorId: string, periodMs: number, bucketMs: number): Promise<MonitorDetail | null> {
    const watched = this.#watched.get(monitorId)
    const [summary] = await this.summaries([monitorId], 90)
    if (!watched || !summary) return null
    return detailOf(this.#store, watched, summary, { periodMs, bucketMs }, REGIONS, Date.now())
  }

  /** What was answered while an incident opened and resolved, oldest first; times in Unix milliseconds. */
  async evidence(monitorId: string, from: number, to: number): Promise<ResultPoint[]> {
    const watched = this.#watched.get(monitorId)
    return watched ? this.#store.evidenceBetween(watched.slot, from, to, MAX_EVIDENCE) : []
  }

  /** Days and outages of monitors, as far back as they are kept. */
  async history(ids: string[]): Promise<MonitorHistory[]> {
    return historiesOf(this.#store, this.#watched, await this.summaries(ids, 400))
  }

  /** Results of a monitor since a moment, for a page that shows them as they come. */
  async resultsSince(monitorId: string, since: number): Promise<Point[]> {
    const watched = this.#watched.get(monitorId)
    return watched ? this.#minute.since(watched.slot, since) : []
  }

  /** Makes a monitor due now; the result is in its list a moment later. */
  async checkNow(monitorId: string): Promise<boolean> {
    const watched = this.#watched.get(monitorId)
    if (!watched?.monitor.active) return false
    this.#due.set(monitorId, Date.now())
    await this.#arm()
    return true
  }

  /** Master keys that the sealed values in this object's copies of monitors name. */
  async keysOfCopies(): Promise<string[]> {
    const sealed = [...this.#watched.values()].flatMap(({ monitor }) => [monitor.sealedHeaders, monitor.sealedBody])
    return [...new Set(sealed.flatMap((blob) => (blob ? kidOf(blob) : [])))]
  }

  /** The watchdog's question. An alarm that is missing or long late is set again: alarms can be dropped for ever. */
  async tick(): Promise<{ lastTickAt: number | null; lagMs: number; monitors: number }> {
    const alarm = await this.ctx.storage.getAlarm()
    if (alarm === null || alarm < Date.now() - LATE_MS) await this.#arm()
    return { lastTickAt: this.#lastTickAt, lagMs: this.#lagMs, monitors: this.#watched.size }
  }

  /** Resolves when the checks that are under way have been judged. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  override async alarm(): Promise<void> {
    if (this.#suspended.on) return
    const now = Date.now()
    const due = [...this.#watched.values()].filter(
      ({ monitor }) => monitor.active && !this.#running.has(monitor.id) && (this.#due.get(monitor.id) ?? 0) <= now,
    )
    if (this.#lastTickAt !== null)
      this.#lagMs = Math.max(0, ...due.map(({ monitor }) => now - (this.#due.get(monitor.id) ?? now)))
    this.#lastTickAt = now
    for (const watched of due) this.#due.plan(watched, now)
    // Re-armed first: an alarm that throws is retried a few times and then dropped for ever.
    await this.#arm()
    try {
      this.#housekeep(now)
      await deliverTransitions(this.#store, this.env)
    } catch (error) {
      console.error(JSON.stringify({ event: 'monitoring.failed', error: String(error).slice(0, 300) }))
    }
    for (const batch of inBatches(due)) this.ctx.waitUntil(this.#run(batch))
  }

  /** Checks a batch and judges each result. Not awaited by the alarm: a slow target must not hold up the others' time. */
  async #run(batch: Watched[]): Promise<void> {
    const ids = batch.map(({ monitor }) => monitor.id)
    for (const id of ids) this.#running.add(id)
    try {
      const results = await checkBatch(this.env.PROBE_LOCAL, REGIONS[0] ?? '', batch, configOf(this.env).keyring)
      for (const result of results) this.#take(result)
    } catch (error) {
      console.error(JSON.stringify({ event: 'monitoring.failed', error: String(error).slice(0, 300) }))
    } finally {
      for (const id of ids) this.#running.delete(id)
    }
    if (this.#isIdle()) this.#minute.flush()
    await deliverTransitions(this.#store, this.env)
    await this.#arm()
  }

  /** Takes one result in: into the minute, and to the judge. The state and its transitions are stored together. */
  #take(result: CheckResult): void {
    const watched = this.#watched.get(result.id)
    if (!watched?.monitor.active || this.#suspended.on) return
    const { slot, monitor } = watched
    const { at, latencyMs, status, errorClass } = result
    const point: Point = { at, latencyMs, status, errorClass, region: Math.max(0, REGIONS.indexOf(result.region)) }
    this.#minute.record({ slot, ...point })
    if (errorClass !== 'probe_internal') this.#last.set(monitor.id, point)

    const { state, transitions } = judge(watched.state, [result], { ...monitor, monitorId: monitor.id }, Date.now())
    const changed = !sameState(watched.state, state)
    const next = { ...watched, state }
    this.#watched.set(monitor.id, next)
    this.#due.recheck(next)
    if (!changed) return
    this.#store.putJudged(next, { ...result }, transitions)
    if (transitions.length > 0) this.#minute.flush()
  }

  /** Nothing is under way, and nothing is due so soon that the minute's row would be written twice. */
  #isIdle(): boolean {
    const next = this.#nextAt() ?? Number.POSITIVE_INFINITY
    return this.#running.size === 0 && next - Date.now() > FLUSH_WHEN_IDLE_MS
  }

  #housekeep(now: number): void {
    this.#minute.turn(now)
    this.#store.compact(now)
    dailyWork(this.#store, [...this.#watched.values()], now)
  }

  #nextAt(): number | null {
    if (this.#suspended.on) return null
    const times = [...this.#watched.values()].flatMap(({ monitor }) =>
      monitor.active && !this.#running.has(monitor.id) ? (this.#due.get(monitor.id) ?? []) : [],
    )
    if (this.#store.transitions().length > 0) times.push(Date.now() + RETRY_TRANSITIONS_MS)
    return times.length > 0 ? Math.min(...times) : null
  }

  async #arm(): Promise<void> {
    const next = this.#nextAt()
    if (next !== null) await this.ctx.storage.setAlarm(Math.max(next, Date.now()))
  }
}
