import type { CheckResult } from '../../shared/domain/check.ts'
import type { Transition } from '../../shared/domain/schedule.ts'
import { INITIAL, type JudgeState, judge } from '../../workers/app/monitoring/judge.ts'

export const START = Date.UTC(2026, 10, 24)
const INTERVAL_MS = 60_000
export const LIMIT_MS = 500
export const RULES = { monitorId: 'mon_00000000001', intervalSeconds: 60, degradedAfterMs: LIMIT_MS }

/** What one region saw: good, slow, failed, or nothing because of a fault of ours. */
export type Seen = 'g' | 's' | 'f' | 'u'

export function result(seen: Seen, at: number, region = 'local'): CheckResult {
  const errorClass = seen === 'f' ? 'connect' : seen === 'u' ? 'probe_internal' : 'none'
  const latencyMs = seen === 's' ? LIMIT_MS + 1 : seen === 'g' ? LIMIT_MS : 0
  const status = seen === 'g' || seen === 's' ? 200 : 0
  const evidence = { statusLine: null, headers: [], body: '', hops: [] }
  return { id: RULES.monitorId, region, at, latencyMs, status, errorClass, message: seen, evidence }
}

export interface Step {
  seen: Seen
  at: number
  state: JudgeState
  transitions: Transition[]
}

/** One round a minute of one region, judged one after the other. */
export function play(rounds: string, from: JudgeState = INITIAL): Step[] {
  let state = from
  return ([...rounds] as Seen[]).map((seen, i) => {
    const at = START + i * INTERVAL_MS
    const judged = judge(state, [result(seen, at)], RULES, at)
    state = judged.state
    return { seen, at, ...judged }
  })
}

export const stateAfter = (rounds: string) => play(rounds).at(-1)?.state ?? INITIAL
export const told = (steps: Step[]) =>
  steps.flatMap(({ transitions }, i) => transitions.map(({ type }) => `${i} ${type}`))
/** What is stored: the time of the next try is not. */
export const stored = (state: JudgeState) => ({ ...state, recheckAt: null })
