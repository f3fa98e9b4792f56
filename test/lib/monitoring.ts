import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import type { ScheduledMonitor } from '../../shared/domain/schedule.ts'
import { newId, type WorkspaceId } from '../../shared/ids.ts'
import { objectOf } from '../../workers/app/bindings.ts'
import { phaseSeconds } from '../../workers/app/monitoring/due.ts'
import type { Monitoring } from '../../workers/app/monitoring/scheduler.ts'
import { openStore, type Store } from '../../workers/app/monitoring/store.ts'
import { ask, MONITOR, newPerson, type Person } from './candor.ts'
import { type ProbeSays, probeChanges, probeSays } from './probe.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Five past ten in the morning, far enough ahead that no alarm fires by itself: tests fire them. */
export const START = Math.floor(Date.now() / DAY) * DAY + 400 * DAY + 10 * HOUR + 5 * MINUTE

export type Stub = DurableObjectStub<Monitoring>

export const monitoringOf = (workspaceId: WorkspaceId): Stub => objectOf(env.MONITORING, env, workspaceId)

/**
 * A new workspace with its monitoring object, whose checks fall into the middle of the minute. Where they fall is a hash
 * of a random id; close to a full minute a second check would come within seconds of `START`, and the minute's row would
 * rightly not be stored yet.
 */
export async function newWatched(): Promise<{ person: Person; stub: Stub }> {
  for (;;) {
    const person = await newPerson()
    const stub = monitoringOf(person.workspaceId)
    const phase = phaseSeconds(stub.id.toString(), 0, 60)
    if (phase >= 10 && phase < 50) return { person, stub }
  }
}

/** The time stands still until a test moves it, for the objects and for the probe alike. */
export function useClock(): void {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: START })
  })
  beforeEach(async () => {
    vi.setSystemTime(START)
    await probeSays({ at: START })
  })
  afterAll(async () => {
    vi.useRealTimers()
    await probeSays({})
  })
}

export async function setClock(at: number): Promise<void> {
  vi.setSystemTime(at)
  await probeChanges({ at })
}

/** Waits, by the real clock, for what happens by itself. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false | null>): Promise<T> {
  for (let i = 0; i < 500; i++) {
    const seen = await look()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`This did not happen: ${what}.`)
}

export const inStore = <T>(stub: Stub, look: (store: Store, state: DurableObjectState) => T): Promise<T> =>
  runInDurableObject(stub, (_, state) => look(openStore(state.storage), state))

export const rowsOf = (stub: Stub, table: 'minute' | 'hour' | 'day' | 'evidence' | 'outage' | 'transition') =>
  inStore(stub, (_, { storage }) => Number(storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n))

export const alarmOf = (stub: Stub) => runInDurableObject(stub, (_, { storage }) => storage.getAlarm())

/** The alarm, now; until the checks are judged. */
export async function check(stub: Stub): Promise<void> {
  if (!(await runDurableObjectAlarm(stub))) throw new Error('No alarm was set.')
  await stub.settled()
}

/** The alarm, now; until the checks are judged and the workspace has taken what it has to hear. */
export async function fireAlarm(stub: Stub): Promise<void> {
  await check(stub)
  await until('the workspace takes what it has to hear', async () => (await rowsOf(stub, 'transition')) === 0)
}

/** Moves the time on to the next alarm and fires it. Answers that time. */
export async function nextRound(stub: Stub, says: ProbeSays = {}): Promise<number> {
  const at = await alarmOf(stub)
  if (at === null) throw new Error('No alarm is set.')
  vi.setSystemTime(Math.max(at, Date.now()))
  await probeChanges({ at: Date.now(), ...says })
  await fireAlarm(stub)
  return at
}

export async function rounds(stub: Stub, count: number, says: ProbeSays = {}): Promise<void> {
  for (let i = 0; i < count; i++) await nextRound(stub, says)
}

/** Rounds until a time; the time is that then. */
export async function roundsUntil(stub: Stub, time: number, says: ProbeSays = {}): Promise<void> {
  for (let at = await alarmOf(stub); at !== null && at <= time; at = await alarmOf(stub)) await nextRound(stub, says)
  await setClock(time)
}

/** An active monitor, made over the API, that the monitoring object has been told of. */
export async function newMonitor(person: Person, fields: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await ask('POST', '/v1/monitors', {
    as: person,
    body: { ...MONITOR, active: true, ...fields },
  })
  if (status !== 201) throw new Error(`The monitor was not made: ${JSON.stringify(body)}`)
  const stub = monitoringOf(person.workspaceId)
  await until('the monitor is scheduled', async () => (await stub.summaries([body.id], 0)).length === 1)
  return body.id
}

export async function summaryOf(stub: Stub, monitorId: string) {
  const [summary] = await stub.summaries([monitorId], 90)
  if (!summary) throw new Error(`There is no monitor ${monitorId}.`)
  return summary
}

/** A copy of a monitor as the control plane sends it. */
export const scheduledMonitor = (fields: Partial<ScheduledMonitor> = {}): ScheduledMonitor => ({
  id: newId('monitor'),
  version: 1,
  active: true,
  intervalSeconds: 60,
  timeoutMs: 10_000,
  degradedAfterMs: null,
  kind: 'http',
  url: 'https://shop.example',
  method: 'GET',
  followRedirects: true,
  sealedHeaders: null,
  sealedBody: null,
  keys: [],
  ...fields,
})
