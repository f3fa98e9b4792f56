import type { Role } from '../../../../shared/contracts/common.ts'
import type { Effect } from '../../db/schema/outbox.ts'

/** Mails of one kind to whoever owns the workspace. */
export const toOwner = (
  members: { userId: string; role: Role }[],
  kind: 'monitors_paused' | 'monitors_pausing',
): Effect[] =>
  members.filter(({ role }) => role === 'owner').map(({ userId }) => ({ type: 'mail', mail: { kind, userId } }))
