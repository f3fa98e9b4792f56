import type { Plan } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'

/** Members and waiting invitations of a workspace, on any plan: what its lists and one batch can hold. */
const MAX_SEATS = 400

/** Refuses one more than there may be. `taken`: members, and invitations that wait. Where a plan's own limit belongs. */
export function requireSeat(_plan: Plan, taken: number): void {
  if (taken >= MAX_SEATS)
    throw new AppError('limit_reached', `A workspace has at most ${MAX_SEATS} members and invitations together.`)
}
