import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { deleteInvitation, invitationById } from './rows.ts'
import { invitationView } from './view.ts'

/** The invitation goes, and the address with it. */
export const withdrawInvitation = mutation({
  action: 'invitation.withdraw',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  route: 'DELETE /v1/invitations/:id',
  input: ById('invitation'),
  load: (db, { workspaceId }, { id }) => ({ invitation: invitationById(db, workspaceId, id) }),
  run(db, { workspaceId }, { id }, rows) {
    const before = found(rows.invitation, 'invitation')
    if (before.acceptedAt !== null)
      throw new AppError('conflict', 'This invitation was accepted already. Remove the member instead.')
    return {
      entityId: id,
      before: { ...invitationView(before) },
      after: null,
      writes: [write(deleteInvitation(db, workspaceId, id))],
    }
  },
})
