import { type Context, Hono } from 'hono'
import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { parseInput } from '../../services/input.ts'
import { listFormerMembers } from '../../services/member/former.ts'
import { erasePerson } from '../../services/person/erase.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

/** Somebody whom the log names and who is no member: who still is one writes their name into it again at each change. */
async function formerOf(c: C) {
  const { context, answers } = await readPage(c, [{ query: listFormerMembers, input: {} }])
  const { id } = parseInput({ input: ById('user') }, { id: c.req.param('id') })
  const person = answers[0].find((one) => one.id === id)
  if (!person) throw new AppError('not_found', 'There is no such former member in this workspace.')
  return { context, person }
}

async function confirmErase(c: C, state: FormState, status = 200) {
  const { context, person } = await formerOf(c)
  const props = {
    viewer: viewerOf(context, erasePerson),
    current: '/settings' as const,
    title: `Erase ${person.name} from the audit log?`,
    consequence:
      'Their name, e-mail address, IP addresses and browsers are deleted from this workspace’s audit log. Their entries stay, with an id and a commitment, and every proof holds. On Cloudflare this is final after the provider’s 30-day recovery window, in which the database can be taken back to an earlier moment. Exports that somebody has taken keep what they have, and so does the person’s own account.',
    action: `/settings/people/${person.id}/erase`,
    submit: 'Erase person',
    cancel: '/settings/members',
    typed: person.name,
    state,
  }
  return page(c, <ConfirmPage {...props} />, status)
}

async function erase(c: C) {
  const values = await formOf(c)
  const { person } = await formerOf(c)
  if (textOf(values, 'confirm') !== person.name.trim()) {
    const errors = [{ field: 'confirm', message: `Type ${person.name} to erase them.` }]
    return confirmErase(c, { values, errors }, 422)
  }
  try {
    await mutate(c, erasePerson, { id: person.id })
    return c.redirect('/settings/members', 303)
  } catch (error) {
    return confirmErase(c, refused(error, values), 422)
  }
}

/** Erasing former members. */
export function people() {
  const app = new Hono<Edge>()
  app.get('/settings/people/:id/erase', (c) => confirmErase(c, { values: {}, errors: [] }))
  app.post('/settings/people/:id/erase', erase)
  return app
}
