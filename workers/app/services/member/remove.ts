import { RemoveMember } from '../../../../shared/contracts/member.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation } from '../mutation.ts'
import { endMembership, loadMembership } from './end.ts'

/** Mutations are confirmed in the same object, in turn: none of the removed one, or of their keys, comes after this. */
export const removeMember = mutation({
  action: 'member.remove',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'DELETE /v1/members/:id',
  whileEnding: true,
  input: RemoveMember,
  load: (db, { workspaceId }, { id }) => loadMembership(db, workspaceId, id),
  run(db, { workspaceId, actor, now }, { id, apiKeys }, rows) {
    const member = found(rows.member, 'member')
    if (member.role === 'owner')
      throw new AppError('conflict', 'The owner cannot be removed. They can hand the workspace over first.')
    if (id === actor.id) throw new AppError('conflict', 'You cannot remove yourself. Leave the workspace instead.')
    return { entityId: id, ...endMembership(db, workspaceId, member, rows, { apiKeys, to: actor.id, now }) }
  },
})
