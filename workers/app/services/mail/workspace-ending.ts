import { reaches } from '../../../../shared/contracts/common.ts'
import { memberById } from '../member/rows.ts'
import { workspaceById } from '../workspace/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** To the owner and the admins of a workspace that is being deleted. None when it was kept, or they are none any more. */
export const compose: Composer<'workspace_ending'> = async (db, workspaceId, { userId }, { publicUrl }) => {
  const [[workspace], [member]] = await db.batch([workspaceById(db, workspaceId), memberById(db, workspaceId, userId)])
  if (!workspace || workspace.endsAt === null || !member || !reaches(member.role, 'admin')) return null
  const end = `${MOMENT.format(workspace.endsAt)} UTC`
  return mailOf({
    to: member.email,
    subject: `The workspace "${workspace.name}" will be deleted on ${end}`,
    paragraphs: [
      `The workspace "${workspace.name}" will be deleted on ${end}. Its checks, alerts, API keys and status pages have stopped.`,
      'Until then its owner can keep it, and everything goes on as it was. Every member can still look at it and take a copy.',
    ],
    link: { label: 'Keep it, or take a copy', url: `${publicUrl}/settings` },
    reason: 'You get this because you are the owner or an admin of it.',
  })
}
