import type { Plan } from '../../../shared/contracts/common.ts'

export interface Limits {
  monitors: number
  minIntervalSeconds: number
  integrations: number
  statusPages: number
  apiKeys: number
  auditLogs: boolean
  /** Days for which the texts of audit entries are kept; their hashes stay for ever. */
  auditDays: number
}

/** Workspaces that one person may own, on any plan. */
export const MAX_OWNED = 20

/** What a plan allows, per workspace. The only place where these figures stand. */
export const LIMITS: Record<Plan, Limits> = {
  free: {
    monitors: 5,
    minIntervalSeconds: 300,
    integrations: 2,
    statusPages: 1,
    apiKeys: 2,
    auditLogs: false,
    auditDays: 90,
  },
  pro: {
    monitors: 500,
    minIntervalSeconds: 30,
    integrations: 50,
    statusPages: 20,
    apiKeys: 100,
    auditLogs: true,
    auditDays: 730,
  },
}
