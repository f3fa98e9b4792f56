import { PLANS, type Plan } from '../../../shared/contracts/common.ts'
import type { AboveLimit } from '../../../shared/contracts/operator.ts'
import { AppError } from '../../../shared/errors.ts'

export interface Limits {
  monitors: number
  minIntervalSeconds: number
  integrations: number
  statusPages: number
  apiKeys: number
  /** Members and open invitations together. */
  members: number
  /** Whether the whole log is read, filtered and exported; without it, the last `auditHours`. */
  auditLogs: boolean
  auditHours: number
  /** Days for which the texts of audit entries are kept; their hashes stay for ever. */
  auditDays: number
}

/** The same for everybody's account, on every plan. */
export const ACCOUNT_LIMITS = {
  /** Days for which the texts of a person's own log are kept, and the personal fields in them. */
  auditDays: 365,
  /** Ways to sign in that one person may have. */
  identities: 10,
}

/** Workspaces that one person may own, on any plan. */
export const MAX_OWNED = 20

/** What a plan allows, per workspace. The only place where these figures stand. */
export const LIMITS: Record<Plan, Limits> = {
  free: {
    monitors: 10,
    minIntervalSeconds: 60,
    integrations: 3,
    statusPages: 2,
    apiKeys: 3,
    members: 3,
    auditLogs: false,
    auditHours: 24,
    auditDays: 90,
  },
  pro: {
    monitors: 500,
    minIntervalSeconds: 30,
    integrations: 50,
    statusPages: 20,
    apiKeys: 100,
    members: 100,
    auditLogs: true,
    auditHours: 24,
    auditDays: 730,
  },
}

export const PLAN_NAMES: Record<Plan, string> = { free: 'Free', pro: 'Pro' }

/** What a plan counts, in the words of its messages. */
export const COUNTED = {
  monitors: 'monitors',
  integrations: 'integrations',
  statusPages: 'status pages',
  apiKeys: 'API keys',
  members: 'members and open invitations',
} as const satisfies Partial<Record<keyof Limits, string>>
export type Counted = keyof typeof COUNTED

/** How much of everything that a plan counts there is. */
export type Usage = Record<Counted, number> & {
  /** Seconds between the checks of the monitor that is checked most often; null without a monitor. */
  shortestInterval: number | null
}

/** Room for more of one thing. */
export interface Room {
  what: string
  plan: string
  used: number
  limit: number
}

export const roomFor = (plan: Plan, counted: Counted, used: number): Room => ({
  what: COUNTED[counted],
  plan: PLAN_NAMES[plan],
  used,
  limit: LIMITS[plan][counted],
})

/** Whether a larger plan has more of it. */
const hasMore = (plan: Plan, counted: Counted) => PLANS.some((other) => LIMITS[other][counted] > LIMITS[plan][counted])

/** Refuses one more of what the plan counts. `used` has those that are committed just before it. */
export function requireRoom(plan: Plan, counted: Counted, used: number): void {
  const { what, limit } = roomFor(plan, counted, used)
  if (used < limit) return
  const more = hasMore(plan, counted) ? ', or move to Pro' : ''
  throw new AppError('limit_reached', `The plan ${PLAN_NAMES[plan]} has ${limit} ${what}. Remove one first${more}.`)
}

/** What there is more of than a plan allows: it stays, and nothing can be added to it. */
export function aboveLimits(plan: Plan, usage: Usage): AboveLimit[] {
  const limits = LIMITS[plan]
  const above: AboveLimit[] = (Object.keys(COUNTED) as Counted[])
    .filter((counted) => usage[counted] > limits[counted])
    .map((counted) => ({ what: COUNTED[counted], count: usage[counted], limit: limits[counted] }))
  const { shortestInterval } = usage
  if (shortestInterval !== null && shortestInterval < limits.minIntervalSeconds)
    above.push({ what: 'seconds between checks', count: shortestInterval, limit: limits.minIntervalSeconds })
  return above
}
