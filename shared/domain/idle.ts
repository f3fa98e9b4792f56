import type { Plan } from '../contracts/common.ts'

const DAY_MS = 86_400_000

/** For how many days nobody may use a workspace before its owner is told that its monitors will be paused; null: for ever. */
export const IDLE_DAYS: Record<Plan, number | null> = { free: 60, pro: null }
/** How long before the pause its owner is told. */
const NOTICE_MS = 14 * DAY_MS
/** How long before it its owner is told once more. */
const REMIND_MS = 3 * DAY_MS
/** For how long it counts that somebody was told: afterwards all begins anew. */
const VALID_MS = 30 * DAY_MS

/** How a workspace is used. Moments are Unix milliseconds. */
export interface Idleness {
  plan: Plan
  createdAt: number
  /** Not null while it is being deleted. */
  endsAt: number | null
  pauseToldAt: number | null
  pauseRemindedAt: number | null
  /** When one of its members signed in last. A session lasts half of `IDLE_DAYS` at most. */
  lastSignInAt: number | null
  /** When a person or a key changed something last, or was refused it. */
  lastChangeAt: number | null
  /** The day on which one of its API keys was used last, UTC. */
  lastKeyUseOn: string | null
  /** Monitors that are not paused. */
  running: number
}

/** When it was used last, by a person or a key. Of a key only the day is known: all of it counts. */
function lastUseOf({ createdAt, lastSignInAt, lastChangeAt, lastKeyUseOn }: Idleness): number {
  const keyUse = lastKeyUseOn === null ? 0 : Date.parse(lastKeyUseOn) + DAY_MS
  return Math.max(createdAt, lastSignInAt ?? 0, lastChangeAt ?? 0, keyUse)
}

function isIdle(workspace: Idleness, now: number): boolean {
  const days = IDLE_DAYS[workspace.plan]
  if (days === null || workspace.endsAt !== null || workspace.running === 0) return false
  return now - lastUseOf(workspace) >= days * DAY_MS
}

/** Whether a moment at which the owner was told still counts: it was not used since, and it is not too long ago. */
const counts = (at: number | null, workspace: Idleness, now: number): at is number =>
  at !== null && at <= now && now - at <= VALID_MS && at >= lastUseOf(workspace)

/** When its owner was told of the pause; null when that counts no more. One that was told of again counts with that. */
function toldAt(workspace: Idleness, now: number): number | null {
  const { pauseToldAt, pauseRemindedAt } = workspace
  if (pauseToldAt === null || pauseToldAt < lastUseOf(workspace)) return null
  return counts(pauseToldAt, workspace, now) || counts(pauseRemindedAt, workspace, now) ? pauseToldAt : null
}

/** The same of the second time. */
function remindedAt(workspace: Idleness, now: number): number | null {
  const { pauseRemindedAt } = workspace
  return counts(pauseRemindedAt, workspace, now) ? pauseRemindedAt : null
}

/**
 * When the monitors will be paused, as its owner was told; null when that was not told, or counts no more. Whoever is told
 * late, because Candor stood still, has as long as anybody.
 */
export function pauseAt(workspace: Idleness, now: number): number | null {
  const told = toldAt(workspace, now)
  return told === null ? null : Math.max(told + NOTICE_MS, (remindedAt(workspace, now) ?? 0) + REMIND_MS)
}

/** What is to be done now about a workspace that nobody uses; null when nothing is. */
export function pauseStep(workspace: Idleness, now: number): 'tell' | 'remind' | 'pause' | null {
  if (!isIdle(workspace, now)) return null
  const at = pauseAt(workspace, now)
  if (at === null) return 'tell'
  if (remindedAt(workspace, now) === null) return now >= at - REMIND_MS ? 'remind' : null
  return now >= at ? 'pause' : null
}
