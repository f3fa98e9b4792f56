import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { mutation, write } from '../mutation.ts'
import { goneMessage, requireOpen } from './open.ts'
import { deleteInvitation, invitationById } from './rows.ts'
import { invitationView } from './view.ts'

/** Whoever is invited does not want to be. The invitation goes, and the address with it. */
export const declineInvitation = mutation({
  action: 'invitation.decline',
  scope: 'write',
  role: 'viewer',
  credentials: ['invited'],
  input: ById('invitation'),
  load: (db, { workspaceId }, { id }) => ({ invitation: invitationById(db, workspaceId, id) }),
  run(db, { workspaceId, now, person }, { id }, { invitation: [before] }) {
    if (!before || before.email !== person?.email) throw new AppError('not_found', goneMessage(person?.email ?? null))
    requireOpen(before, now)
    return {
      entityId: id,
      before: { ...invitationView(before) },
      after: null,
      writes: [write(deleteInvitation(db, workspaceId, id))],
    }
  },
})
