import type { CheckResult } from '../../../shared/domain/check.ts'
import type { Transition } from '../../../shared/domain/schedule.ts'

/** What is remembered of a monitor between rounds. Kept only when it changes. Times in Unix milliseconds. */
export interface JudgeState {
  status: 'pending' | 'up' | 'degraded' | 'down'
  since: number | null
  /** Rounds in a row, while they matter. */
  failures: number
  recoveries: number
  slow: number
  quick: number
  firstFailure: CheckResult | null
  firstRecoveryAt: number | null
  /** `startedAt` of the open incident. */
  openSince: number | null
  /** An extra round is due then, before the next regular one. */
  recheckAt: number | null
}

export interface Rules {
  monitorId: string
  intervalSeconds: number
  degradedAfterMs: number | null
}

export const INITIAL: JudgeState = {
  status: 'pending',
  since: null,
  failures: 0,
  recoveries: 0,
  slow: 0,
  quick: 0,
  firstFailure: null,
  firstRecoveryAt: null,
  openSince: null,
  recheckAt: null,
}

/** Whether there is nothing to store. The time of the next try is worth no write. */
export const sameState = (a: JudgeState, b: JudgeState): boolean =>
  JSON.stringify({ ...a, recheckAt: null }) === JSON.stringify({ ...b, recheckAt: null })

/** Failed rounds before an incident opens: the first, one at once, one after a pause. */
export const FAILURES_TO_OPEN = 3
/** Good rounds before it resolves. */
export const RECOVERIES_TO_RESOLVE = 2
/** Rounds before slow becomes degraded, and before quick ends it. */
const ROUNDS_TO_DEGRADE = 2
export const RECHECK_MS = 10_000

export type Verdict = 'good' | 'slow' | 'failed' | 'unknown'

/** Regions that have to agree that a target is down: more than half of those that could look. */
export const quorum = (regions: number): number => Math.floor(regions / 2) + 1

/** What one round says, a result a region. A probe's own fault says nothing about the target. */
export function verdictOf(round: CheckResult[], degradedAfterMs: number | null): Verdict {
  const seen = round.filter((result) => result.errorClass !== 'probe_internal')
  if (seen.length === 0) return 'unknown'
  const failed = seen.filter((result) => result.errorClass !== 'none')
  if (failed.length >= quorum(seen.length)) return 'failed'
  const late = degradedAfterMs !== null && seen.some((result) => result.latencyMs > degradedAfterMs)
  return failed.length > 0 || late ? 'slow' : 'good'
}

export interface Judgement {
  state: JudgeState
  transitions: Transition[]
}

/** Whether a round came before the pause that was to be: somebody had the monitor checked now. It decides nothing. */
const isEarly = ({ recheckAt }: JudgeState, now: number) => recheckAt !== null && now < recheckAt

const soon = (rules: Rules, now: number) => now + Math.min(rules.intervalSeconds * 1000, RECHECK_MS)

function judgeFailure(
  state: JudgeState,
  result: CheckResult,
  round: CheckResult[],
  rules: Rules,
  now: number,
): Judgement {
  // An open incident stays as it is: a state that stays equal is not written, however long the outage.
  if (state.openSince !== null)
    return { state: { ...state, recoveries: 0, firstRecoveryAt: null, recheckAt: soon(rules, now) }, transitions: [] }
  const failures = state.failures + 1
  if (failures >= FAILURES_TO_OPEN && isEarly(state, now)) return { state, transitions: [] }
  const first = state.firstFailure ?? result
  const next = { ...state, failures, firstFailure: first, recoveries: 0, firstRecoveryAt: null, slow: 0, quick: 0 }
  if (failures < FAILURES_TO_OPEN)
    return { state: { ...next, recheckAt: failures === 1 ? now : now + RECHECK_MS }, transitions: [] }
  const { errorClass, status, message, region } = result
  const open: Transition = {
    type: 'incident.open',
    monitorId: rules.monitorId,
    startedAt: first.at,
    cause: { errorClass, status, message, region },
    evidence: [first, ...round],
  }
  const down = {
    ...next,
    failures: 0,
    firstFailure: null,
    status: 'down' as const,
    since: first.at,
    openSince: first.at,
    recheckAt: soon(rules, now),
  }
  return { state: down, transitions: [open] }
}

function judgeRecovery(state: JudgeState, slow: boolean, at: number, rules: Rules, now: number): Judgement {
  const recoveries = state.recoveries + 1
  if (recoveries >= RECOVERIES_TO_RESOLVE && isEarly(state, now)) return { state, transitions: [] }
  const firstRecoveryAt = state.firstRecoveryAt ?? at
  if (recoveries < RECOVERIES_TO_RESOLVE || state.openSince === null)
    return {
      state: { ...state, failures: 0, recoveries, firstRecoveryAt, recheckAt: soon(rules, now) },
      transitions: [],
    }
  const resolve: Transition = {
    type: 'incident.resolve',
    monitorId: rules.monitorId,
    startedAt: state.openSince,
    resolvedAt: Math.max(firstRecoveryAt, state.openSince),
  }
  const status = slow ? 'degraded' : 'up'
  return { state: { ...INITIAL, status, since: firstRecoveryAt }, transitions: [resolve] }
}

function judgeSpeed(state: JudgeState, isSlow: boolean, at: number): JudgeState {
  const slow = isSlow ? state.slow + 1 : 0
  const quick = isSlow ? 0 : state.quick + 1
  const calm = { ...state, failures: 0, firstFailure: null, recheckAt: null }
  if (state.status === 'pending') return { ...calm, status: 'up', since: at, slow, quick: 0 }
  if (state.status === 'up' && slow >= ROUNDS_TO_DEGRADE)
    return { ...calm, status: 'degraded', since: at, slow: 0, quick: 0 }
  if (state.status === 'degraded' && quick >= ROUNDS_TO_DEGRADE)
    return { ...calm, status: 'up', since: at, slow: 0, quick: 0 }
  // Only what is on its way to a change is counted: a state that stays equal is not written.
  return { ...calm, slow: state.status === 'up' ? slow : 0, quick: state.status === 'degraded' ? quick : 0 }
}

/**
 * One round of results, and what follows from it: the next state, and what the workspace has to hear. Pure: the same
 * input gives the same answer. `now` in Unix milliseconds.
 */
export function judge(state: JudgeState, round: CheckResult[], rules: Rules, now: number): Judgement {
  const verdict = verdictOf(round, rules.degradedAfterMs)
  const seen = round.filter((result) => result.errorClass !== 'probe_internal')
  const [any] = seen
  if (verdict === 'unknown' || !any) return { state: { ...state, recheckAt: null }, transitions: [] }
  if (verdict === 'failed') {
    const failed = seen.find((result) => result.errorClass !== 'none') ?? any
    return judgeFailure(state, failed, round, rules, now)
  }
  if (state.openSince !== null) return judgeRecovery(state, verdict === 'slow', any.at, rules, now)
  return { state: judgeSpeed(state, verdict === 'slow', any.at), transitions: [] }
}
