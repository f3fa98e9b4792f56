import { checkUrl } from '../../../../shared/domain/address.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Context, TargetRules } from '../context.ts'
import { LIMITS, PLAN_NAMES } from '../limits.ts'

/** Refuses an address that the probe would refuse, while the person is still looking at the form. */
export function requireTarget(targets: TargetRules, url: string, field = 'url'): void {
  const checked = checkUrl(url, targets)
  if (!checked.ok) throw new AppError('invalid', checked.message, [{ field, message: checked.message }])
}

/** Refuses an interval that the plan does not have. */
export function requireInterval({ plan }: Context, intervalSeconds: number): void {
  const { minIntervalSeconds } = LIMITS[plan]
  if (intervalSeconds >= minIntervalSeconds) return
  const message = `The plan ${PLAN_NAMES[plan]} checks every ${minIntervalSeconds} seconds at most. Pro checks every ${LIMITS.pro.minIntervalSeconds}.`
  throw new AppError('plan_required', message, [{ field: 'intervalSeconds', message }])
}

/** Refuses ids that are not of this workspace, without saying whether they exist elsewhere. */
export function requireAll(asked: string[], found: { id: string }[], field: string, noun: string): void {
  const known = new Set(found.map((row) => row.id))
  const missing = asked.find((id) => !known.has(id))
  if (missing !== undefined) {
    const message = `There is no ${noun} ${missing} in this workspace.`
    throw new AppError('invalid', message, [{ field, message }])
  }
}
