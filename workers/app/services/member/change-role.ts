import { ChangeRole } from '../../../../shared/contracts/member.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { memberById, setRole } from './rows.ts'
import { memberView } from './view.ts'

/** An owner's role is changed by handing the workspace over, and in no other way: so there is always one. */
export const changeRole = mutation({
  action: 'member.change_role',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'PATCH /v1/members/:id',
  input: ChangeRole,
  load: (db, { workspaceId }, { id }) => ({ member: memberById(db, workspaceId, id) }),
  run(db, { workspaceId }, { id, role }, rows) {
    const before = found(rows.member, 'member')
    if (before.role === 'owner')
      throw new AppError('conflict', 'An owner stays the owner until they hand the workspace over.')
    if (before.role === role) throw new AppError('conflict', 'This member has that role already.')
    return {
      entityId: id,
      before: { ...memberView(before) },
      after: { ...memberView({ ...before, role }) },
      writes: [write(setRole(db, workspaceId, id, before.role, role))],
    }
  },
})
