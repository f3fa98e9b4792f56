import { z } from 'zod'
import type { Plan } from '../../../../shared/contracts/common.ts'
import { isOver } from '../../../../shared/domain/grace.ts'
import { AppError } from '../../../../shared/errors.ts'
import { LIMITS } from '../limits.ts'
import { deleteBodiesBelow, deletePeopleWithoutBody, pruneBounds } from '../log/rows.ts'
import { mutation, writeAny } from '../mutation.ts'

const DAY_MS = 86_400_000
/** Entries of one step. */
const STEP = 1000

interface Bounds {
  free: number
  pro: number
  downgrade: number
}

const NOTHING: Bounds = { free: 0, pro: 0, downgrade: 0 }

/** The first entry to keep. What was written on Pro is kept as long as Pro keeps it, whatever the plan is now. */
function firstKept(plan: Plan, { free, pro, downgrade }: Bounds): number {
  return plan === 'pro' || pro < downgrade ? pro : free
}

/**
 * Retention: the texts of entries that are older than the plan keeps them go, oldest first; their hashes stay for ever,
 * so every proof still holds. The entry publishes the new minimum, and the database takes no other deletion. Of a
 * workspace that is over nothing is kept but this entry, and with the last texts go the personal fields.
 */
export const pruneAuditLog = mutation({
  action: 'audit_log.prune',
  scope: 'write',
  role: 'owner',
  credentials: ['system'],
  whileEnding: true,
  input: z.strictObject({}),
  load: (db, { workspaceId, now }) => ({
    bounds: pruneBounds(db, workspaceId, now - LIMITS.free.auditDays * DAY_MS, now - LIMITS.pro.auditDays * DAY_MS),
  }),
  run(db, { workspaceId, plan, endsAt, now, seq }, _input, { bounds: [bounds] }) {
    const over = isOver(endsAt, now)
    const oldest = bounds?.oldest ?? 0
    const kept = over ? seq : firstKept(plan, bounds ?? NOTHING)
    const minimum = Math.min(kept, oldest + STEP)
    // The entry that prunes is a text itself: the last one of them stays.
    if (minimum <= oldest + (over ? 1 : 0)) throw new AppError('conflict', 'Nothing is older than it may be.')
    return {
      entityId: workspaceId,
      before: { minimum: oldest },
      after: { minimum },
      writes: [
        writeAny(deleteBodiesBelow(db, workspaceId, minimum)),
        ...(over && minimum === seq ? [writeAny(deletePeopleWithoutBody(db, workspaceId))] : []),
      ],
    }
  },
})
