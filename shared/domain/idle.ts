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
  /** When one of its members signed in last, or was seen. */
  lastSeenAt: number | null
  /** The day on which one of its API keys was used last, UTC. */
  lastKeyUseOn: string | null
  /** Monitors that are not paused. */
  running: number
}

/** When it was used last, by a person or a key. Of a key only the day is known: all of it counts. */
export const lastUseOf = ({ createdAt, lastSeenAt, lastKeyUseOn }: Idleness): number =>
  Math.max(createdAt, lastSeenAt ?? 0, lastKeyUseOn === null ? 0 : Date.parse(lastKeyUseOn) + DAY_MS)

function isIdle(workspace: Idleness, now: number): boolean {
  const days = IDLE_DAYS[workspace.plan]
  if (days === null || workspace.endsAt !== null || workspace.running === 0) return false
  return now - lastUseOf(workspace) >= days * DAY_MS
}

/** When its owner was told of the pause; null when that was before it was used again, or is too long ago to be meant still. */
function toldAt(workspace: Idleness, now: number): number | null {
  const { pauseToldAt: at } = workspace
  return at !== null && at >= lastUseOf(workspace) && now - at <= VALID_MS ? at : null
}

/** The same of the second time. */
function remindedAt(workspace: Idleness, now: number): number | null {
  const [told, { pauseRemindedAt: at }] = [toldAt(workspace, now), workspace]
  return told !== null && at !== null && at >= told ? at : null
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
