import { userById } from '../account/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** To whoever has deleted their account. None when it was kept, or is gone already. */
export const compose: Composer<'account_ending'> = async (db, _workspaceId, { userId }, { publicUrl }) => {
  const [person] = await userById(db, userId)
  if (!person || person.endsAt === null) return null
  const end = `${MOMENT.format(person.endsAt)} UTC`
  return mailOf({
    to: person.email,
    subject: `Your account on Candor will be deleted on ${end}`,
    paragraphs: [
      `Your account will be deleted on ${end}, and with it the workspaces in which nobody else is.`,
      'To keep it, sign in until then and say so. Everything goes on as it was.',
    ],
    link: { label: 'Sign in to keep your account', url: `${publicUrl}/account/ending` },
    reason: 'You get this because you, or somebody who was signed in as you, deleted this account.',
  })
}
