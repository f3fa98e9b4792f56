import { memberById } from '../member/rows.ts'
import { idlenessOf } from '../workspace/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

/** To the owner of a free workspace whose monitors were paused because nobody used it. None once one of them runs again. */
export const compose: Composer<'monitors_paused'> = async (db, workspaceId, { userId }, { publicUrl }) => {
  const [[workspace], [member]] = await db.batch([idlenessOf(db, workspaceId), memberById(db, workspaceId, userId)])
  if (!workspace || workspace.running > 0 || workspace.endsAt !== null || member?.role !== 'owner') return null
  const { name } = workspace
  return mailOf({
    to: member.email,
    subject: `The monitors of "${name}" are paused`,
    paragraphs: [
      `For more than two months no member of the workspace "${name}" has signed in and no API key of it was used, so Candor has paused its monitors, as announced. Nothing of them is lost: their settings, results and status pages are kept.`,
      'To go on, sign in and resume the monitors that you need. An outage that was open is noted as ended, and nobody was told that it was over.',
    ],
    link: { label: 'Monitors of this workspace', url: `${publicUrl}/monitors` },
    reason: 'You get this once, because you own this workspace.',
  })
}
