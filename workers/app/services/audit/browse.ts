import type { Plan } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { LIMITS } from '../limits.ts'

/** Refuses a plan that does not browse the log. The statements themselves read no entry for it either. */
export function requireBrowsing(plan: Plan): void {
  if (!LIMITS[plan].auditLogs)
    throw new AppError('plan_required', 'Browsing the audit log is part of Pro. Every change is recorded all the same.')
}
