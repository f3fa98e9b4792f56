import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { insertMembership, memberIds } from '../member/rows.ts'
import { mutation, write } from '../mutation.ts'
import { goneMessage, requireOpen } from './open.ts'
import { acceptInvitationRow, invitationById } from './rows.ts'
import { invitationView } from './view.ts'

/**
 * Makes whoever is invited a member. Their credential was confirmed for an open invitation to their verified address in
 * this workspace; that this very one is for the address is asked here once more.
 */
export const acceptInvitation = mutation({
  action: 'invitation.accept',
  scope: 'write',
  role: 'viewer',
  credentials: ['invited'],
  input: ById('invitation'),
  load: (db, { workspaceId }, { id }) => ({
    invitation: invitationById(db, workspaceId, id),
    members: memberIds(db, workspaceId),
  }),
  run(db, { workspaceId, now, actor, person }, { id }, { invitation: [before], members }) {
    if (!before || before.email !== person?.email) throw new AppError('not_found', goneMessage(person?.email ?? null))
    requireOpen(before, now)
    if (members.some(({ userId }) => userId === actor.id))
      throw new AppError('conflict', 'You are a member of this workspace already.')
    const accepted = { acceptedBy: actor.id, acceptedAt: now }
    return {
      entityId: id,
      before: { ...invitationView(before) },
      after: { ...invitationView({ ...before, ...accepted }) },
      writes: [
        write(insertMembership(db, workspaceId, { userId: actor.id, role: before.role, createdAt: now })),
        write(acceptInvitationRow(db, workspaceId, id, accepted)),
      ],
    }
  },
})
