import type { Mail, MailOf } from '../../../../shared/domain/mail.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { invitationForMail } from '../invitation/rows.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** One line, whatever somebody has called themselves or their workspace: no header begins in the middle of a subject. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim()

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** To whom is invited. None for an invitation that was withdrawn or accepted, or has expired since. */
export async function compose(
  db: Db,
  workspaceId: WorkspaceId,
  { invitationId }: MailOf<'invitation'>,
  { publicUrl }: { publicUrl: string },
): Promise<Mail | null> {
  const [invitation] = await invitationForMail(db, workspaceId, invitationId)
  if (!invitation || invitation.acceptedAt !== null || invitation.expiresAt <= Date.now()) return null
  const { email, role, expiresAt } = invitation
  const [inviter, workspace] = [oneLine(invitation.inviterName), oneLine(invitation.workspaceName)]
  const url = `${publicUrl}/invitations/${invitationId}`
  const paragraphs = [
    `${inviter} invites you to the workspace "${workspace}" on Candor, with the role ${role}.`,
    `To accept, sign in with an account whose verified e-mail address is ${email}. The link is good until ${DAY.format(expiresAt)} UTC, and for nobody else.`,
  ]
  const reason =
    'If you do not know who this is, leave it: nothing happens, and the address is not used for anything else.'
  return {
    to: email,
    subject: `${inviter} invites you to "${workspace}" on Candor`.slice(0, 200),
    text: `${[...paragraphs, `Look at the invitation:\n${url}`, `-- \n${reason}`].join('\n\n')}\n`,
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Invitation</title></head><body>',
      ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
      `<p><a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`,
      `<p><small>${escapeHtml(reason)}</small></p>`,
      '</body></html>',
    ].join('\n'),
  }
}
