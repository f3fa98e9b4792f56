import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { INVITATION_MS } from './open.ts'
import { invitationById, renewInvitation } from './rows.ts'
import { invitationView } from './view.ts'

/** The shortest time between two mails to one address: nobody's mailbox is filled from here. */
const PAUSE_MS = 60_000

/** Sends it again, and lets it be good for another seven days. */
export const resendInvitation = mutation({
  action: 'invitation.resend',
  scope: 'write',
  role: 'admin',
  credentials: ['session'],
  limits: ['invitations'],
  route: 'POST /v1/invitations/:id/resend',
  input: ById('invitation'),
  load: (db, { workspaceId }, { id }) => ({ invitation: invitationById(db, workspaceId, id) }),
  run(db, { workspaceId, now }, { id }, rows) {
    const before = found(rows.invitation, 'invitation')
    if (before.acceptedAt !== null) throw new AppError('conflict', 'This invitation was accepted already.')
    if (before.sentAt > before.createdAt && now - before.sentAt < PAUSE_MS)
      throw new AppError('conflict', 'This invitation was sent again less than a minute ago. Wait a little.')
    const times = { sentAt: Math.max(now, before.createdAt + 1), expiresAt: now + INVITATION_MS }
    return {
      entityId: id,
      before: { ...invitationView(before) },
      after: { ...invitationView({ ...before, ...times }) },
      writes: [write(renewInvitation(db, workspaceId, id, times))],
      effects: [{ type: 'mail', mail: { kind: 'invitation', invitationId: id } }],
    }
  },
})
