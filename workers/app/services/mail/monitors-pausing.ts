import { IDLE_DAYS, pauseAt } from '../../../../shared/domain/idle.ts'
import { memberById } from '../member/rows.ts'
import { idlenessOf } from '../workspace/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** To the owner of a free workspace that nobody uses. None once somebody does, or when nothing is checked in it any more. */
export const compose: Composer<'monitors_pausing'> = async (db, workspaceId, { userId }, { publicUrl }) => {
  const [[workspace], [member]] = await db.batch([idlenessOf(db, workspaceId), memberById(db, workspaceId, userId)])
  const at = workspace ? pauseAt(workspace, Date.now()) : null
  const days = workspace && IDLE_DAYS[workspace.plan]
  if (!workspace || !days || at === null || workspace.endsAt !== null) return null
  if (workspace.running === 0 || member?.role !== 'owner') return null
  const { name, running } = workspace
  const monitors = running === 1 ? 'one monitor' : `${running} monitors`
  return mailOf({
    to: member.email,
    subject: `The monitors of "${name}" will be paused on ${DAY.format(at)}`,
    paragraphs: [
      `Candor checks ${monitors} of the workspace "${name}", and in the last ${days} days no member has signed in and no API key of it was used. On the plan "free" such monitors are paused: these on ${DAY.format(at)}, at the earliest.`,
      'Sign in once, and everything goes on as it is. If nobody needs these checks any more, there is nothing to do.',
    ],
    link: { label: 'Sign in and keep them running', url: `${publicUrl}/monitors` },
    reason: 'You get this because you own this workspace: once, and once more three days before.',
  })
}
