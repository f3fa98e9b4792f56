import type { Plan } from '../../../shared/contracts/common.ts'

export interface Limits {
  monitors: number
  minIntervalSeconds: number
  integrations: number
  statusPages: number
  apiKeys: number
  auditLogs: boolean
}

/** What a plan allows, per workspace. The only place where these figures stand. */
export const LIMITS: Record<Plan, Limits> = {
  free: { monitors: 5, minIntervalSeconds: 300, integrations: 2, statusPages: 1, apiKeys: 2, auditLogs: false },
  pro: { monitors: 500, minIntervalSeconds: 30, integrations: 50, statusPages: 20, apiKeys: 100, auditLogs: true },
}
