import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation } from '../mutation.ts'
import { endMembership, loadMembership } from './end.ts'

/** The one change that every role can make: to go. Whose account ends leaves with it. The keys of whoever leaves are revoked. */
export const leaveWorkspace = mutation({
  action: 'member.leave',
  scope: 'write',
  role: 'viewer',
  credentials: ['session', 'system'],
  route: 'POST /v1/members/:id/leave',
  whileEnding: true,
  input: ById('user'),
  load: (db, { workspaceId }, { id }) => loadMembership(db, workspaceId, id),
  run(db, { workspaceId, actor, now }, { id }, rows) {
    const member = found(rows.member, 'member')
    if (id !== actor.id && actor.type !== 'system')
      throw new AppError('conflict', 'Only they can leave. An admin can remove them.')
    if (member.role === 'owner')
      throw new AppError('conflict', 'The owner cannot leave. Hand the workspace over first.')
    return { entityId: id, ...endMembership(db, workspaceId, member, rows, { apiKeys: 'revoke', to: actor.id, now }) }
  },
})
