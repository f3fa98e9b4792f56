import { invitationForMail } from '../invitation/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** To whom is invited. None for an invitation that was withdrawn or accepted, or has expired since. */
export const compose: Composer<'invitation'> = async (db, workspaceId, { invitationId }, { publicUrl }) => {
  const [invitation] = await invitationForMail(db, workspaceId, invitationId)
  if (!invitation || invitation.acceptedAt !== null || invitation.expiresAt <= Date.now()) return null
  const { email, role, expiresAt, inviterName, workspaceName } = invitation
  return mailOf({
    to: email,
    subject: `${inviterName} invites you to "${workspaceName}" on Candor`,
    paragraphs: [
      `${inviterName} invites you to the workspace "${workspaceName}" on Candor, with the role ${role}.`,
      `To accept, sign in with an account whose verified e-mail address is ${email}. The link is good until ${MOMENT.format(expiresAt)} UTC, and for nobody else.`,
    ],
    link: { label: 'Look at the invitation', url: `${publicUrl}/invitations/${invitationId}` },
    reason: 'If you do not know who this is, leave it: nothing happens, and the address is not used for anything else.',
  })
}
