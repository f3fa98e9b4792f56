import { CreateInvitation } from '../../../../shared/contracts/invitation.ts'
import { AppError } from '../../../../shared/errors.ts'
import { newId } from '../../../../shared/ids.ts'
import { requireRoom } from '../limits.ts'
import { countMembers, memberByEmail } from '../member/rows.ts'
import { mutation, write } from '../mutation.ts'
import { INVITATION_MS } from './open.ts'
import { countInvitations, insertInvitation, openInvitationOf } from './rows.ts'
import { invitationView } from './view.ts'

/** People only. The address is told to who asked, and kept with the invitation; the entry does not have it. */
export const createInvitation = mutation({
  action: 'invitation.create',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  limits: ['invitations', 'invited'],
  route: 'POST /v1/invitations',
  input: CreateInvitation,
  load: (db, { workspaceId }, { email }) => ({
    open: openInvitationOf(db, workspaceId, email),
    member: memberByEmail(db, workspaceId, email),
    members: countMembers(db, workspaceId),
    invitations: countInvitations(db, workspaceId),
  }),
  run(db, { workspaceId, now, plan, actor }, { email, role }, rows) {
    const conflict = (message: string) => new AppError('conflict', message, [{ field: 'email', message }])
    if (rows.member.length > 0) throw conflict('This person is a member already.')
    if (rows.open.length > 0) throw conflict('This address is invited already. Send that invitation again.')
    requireRoom(plan, 'members', (rows.members[0]?.count ?? 0) + (rows.invitations[0]?.count ?? 0))
    const row = {
      id: newId('invitation'),
      email,
      role,
      invitedBy: actor.id,
      createdAt: now,
      sentAt: now,
      expiresAt: now + INVITATION_MS,
      acceptedBy: null,
      acceptedAt: null,
    }
    return {
      entityId: row.id,
      before: null,
      after: { ...invitationView({ ...row, workspaceId }) },
      writes: [write(insertInvitation(db, workspaceId, row))],
      effects: [{ type: 'mail', mail: { kind: 'invitation', invitationId: row.id } }],
      reveal: { email },
    }
  },
})
