import { type Context, Hono } from 'hono'
import { canMail, configOf } from '../../bindings.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { InvitationFormPage, InvitationPage } from '../../pages/invitation.tsx'
import { createInvitation } from '../../services/invitation/create.ts'
import { getInvitation } from '../../services/invitation/get.ts'
import { resendInvitation } from '../../services/invitation/resend.ts'
import { withdrawInvitation } from '../../services/invitation/withdraw.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, refused, statusOf, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const idOf = (c: C) => c.req.param('id') ?? ''

async function form(c: C, state: FormState, status = 200) {
  const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
  return page(c, <InvitationFormPage viewer={viewerOf(context, createInvitation)} state={state} />, status)
}

async function create(c: C) {
  const values = await formOf(c)
  try {
    const input = { email: textOf(values, 'email'), role: textOf(values, 'role') }
    const { entityId } = await mutate(c, createInvitation, input)
    return c.redirect(`/settings/invitations/${entityId}`, 303)
  } catch (error) {
    return form(c, refused(error, values), statusOf(error))
  }
}

async function show(c: C, error?: string, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getInvitation, input: { id: idOf(c) } }])
  const [invitation] = answers
  const link = `${configOf(c.env).publicUrl}/invitations/${invitation.id}`
  const mailed = canMail(configOf(c.env))
  const props = { viewer: viewerOf(context), invitation, link, now: Date.now(), mailed, error }
  return page(c, <InvitationPage {...props} />, status)
}

async function resend(c: C) {
  try {
    await mutate(c, resendInvitation, { id: idOf(c) })
    return c.redirect(`/settings/invitations/${idOf(c)}`, 303)
  } catch (error) {
    return show(c, refused(error, {}).errors[0]?.message, statusOf(error))
  }
}

async function confirmWithdraw(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getInvitation, input: { id: idOf(c) } }])
  const [{ id, email }] = answers
  const props = {
    viewer: viewerOf(context, withdrawInvitation),
    current: '/settings' as const,
    title: `Withdraw the invitation for ${email}?`,
    consequence: 'Its link leads nowhere from then on, and the address is not kept.',
    action: `/settings/invitations/${id}/withdraw`,
    submit: 'Withdraw invitation',
    cancel: `/settings/invitations/${id}`,
    state,
  }
  return page(c, <ConfirmPage {...props} />, status)
}

async function withdraw(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, withdrawInvitation, { id: idOf(c) })
    return c.redirect('/settings/members', 303)
  } catch (error) {
    return confirmWithdraw(c, refused(error, values), 422)
  }
}

/** Invitations, as those who invite see them. */
export function invitations() {
  const app = new Hono<Edge>()
  app.get('/settings/invitations/new', (c) => form(c, { values: { role: 'member' }, errors: [] }))
  app.post('/settings/invitations', create)
  app.get('/settings/invitations/:id', (c) => show(c))
  app.post('/settings/invitations/:id/resend', resend)
  app.get('/settings/invitations/:id/withdraw', (c) => confirmWithdraw(c, { values: {}, errors: [] }))
  app.post('/settings/invitations/:id/withdraw', withdraw)
  return app
}
