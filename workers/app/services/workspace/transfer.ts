import { TransferWorkspace } from '../../../../shared/contracts/workspace.ts'
import { AppError } from '../../../../shared/errors.ts'
import { memberById, setRole } from '../member/rows.ts'
import { mutation, write } from '../mutation.ts'

/** Another member becomes the owner; who was it becomes an admin. Both or neither. */
export const transferWorkspace = mutation({
  action: 'workspace.transfer',
  scope: 'write',
  role: 'owner',
  credentials: ['session'],
  route: 'POST /v1/workspace/transfer',
  input: TransferWorkspace,
  load: (db, { workspaceId }, { userId }) => ({ member: memberById(db, workspaceId, userId) }),
  run(db, { workspaceId, actor }, { userId }, { member: [member] }) {
    if (!member) {
      const message = 'This is nobody in this workspace.'
      throw new AppError('invalid', message, [{ field: 'userId', message }])
    }
    if (member.endsAt !== null) throw new AppError('conflict', 'This member is deleting their account.')
    if (member.role === 'owner') throw new AppError('conflict', 'This member is the owner already.')
    return {
      entityId: workspaceId,
      before: { ownerId: actor.id, formerRole: member.role },
      after: { ownerId: userId, formerRole: 'admin' },
      writes: [
        write(setRole(db, workspaceId, actor.id, 'owner', 'admin')),
        write(setRole(db, workspaceId, userId, member.role, 'owner')),
      ],
    }
  },
})
