import { IDLE_DAYS, lastUseOf, pauseAt } from '../../../../shared/domain/idle.ts'
import { memberById } from '../member/rows.ts'
import { idlenessOf } from '../workspace/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** To the owner of a free workspace that nobody uses. None once somebody does, or when nothing is checked in it any more. */
export const compose: Composer<'monitors_pausing'> = async (db, workspaceId, { userId }, { publicUrl }) => {
  const [[workspace], [member]] = await db.batch([idlenessOf(db, workspaceId), memberById(db, workspaceId, userId)])
  const at = workspace ? pauseAt(workspace, Date.now()) : null
  if (!workspace || at === null || IDLE_DAYS[workspace.plan] === null || workspace.endsAt !== null) return null
  if (workspace.running === 0 || member?.role !== 'owner') return null
  const { name, running } = workspace
  const monitors = running === 1 ? 'one monitor' : `${running} monitors`
  return mailOf({
    to: member.email,
    subject: `The monitors of "${name}" will be paused on ${DAY.format(at)}`,
    paragraphs: [
      `Candor checks ${monitors} of the workspace "${name}", and nobody has signed in or used an API key of it since ${DAY.format(lastUseOf(workspace))}. On the plan "free" such monitors are paused: these on ${DAY.format(at)}, at the earliest.`,
      'Sign in once, and everything goes on as it is. If nobody needs these checks any more, there is nothing to do.',
    ],
    link: { label: 'Sign in and keep them running', url: `${publicUrl}/monitors` },
    reason: 'You get this twice, two weeks and three days before, because you own this workspace.',
  })
}
