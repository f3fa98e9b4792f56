import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import type { FormState } from '../../pages/components/form.tsx'
import { Select } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { MemberPage } from '../../pages/member.tsx'
import { MembersPage } from '../../pages/members.tsx'
import { RolesPage } from '../../pages/roles.tsx'
import { listInvitations } from '../../services/invitation/list.ts'
import { changeRole } from '../../services/member/change-role.ts'
import { listFormerMembers } from '../../services/member/former.ts'
import { getMember } from '../../services/member/get.ts'
import { keysOfMember } from '../../services/member/keys.ts'
import { leaveWorkspace } from '../../services/member/leave.ts'
import { listMembers } from '../../services/member/list.ts'
import { removeMember } from '../../services/member/remove.ts'
import { roleLines } from '../../services/roles.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { transferWorkspace } from '../../services/workspace/transfer.ts'
import type { Edge } from '../context.ts'
import { SESSION_COOKIE } from '../middleware/credential.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { selfOf, viewerOf } from './viewer.ts'

type C = Context<Edge>

const EMPTY: FormState = { values: {}, errors: [] }
const idOf = (c: C) => c.req.param('id') ?? ''
const pathOf = (c: C) => `/settings/members/${idOf(c)}`

async function list(c: C) {
  const { cursor } = c.req.query()
  const { context, answers } = await readPage(c, [
    { query: listMembers, input: { limit: 100, cursor } },
    { query: listInvitations, input: { limit: 100 } },
    { query: listFormerMembers, input: {} },
  ])
  const [members, invitations, former] = answers
  const props = { viewer: viewerOf(context), self: selfOf(context), members, former, now: Date.now() }
  return page(c, <MembersPage {...props} invitations={invitations.data} />)
}

async function roles(c: C) {
  const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
  return page(c, <RolesPage viewer={viewerOf(context)} lines={roleLines()} />)
}

async function member(c: C, state?: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getMember, input: { id: idOf(c) } }])
  const props = { viewer: viewerOf(context), self: selfOf(context), member: answers[0] }
  return page(c, <MemberPage {...props} state={state ?? { values: { role: answers[0].role }, errors: [] }} />, status)
}

async function change(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, changeRole, { id: idOf(c), role: textOf(values, 'role') })
    return c.redirect('/settings/members', 303)
  } catch (error) {
    return member(c, refused(error, values), 422)
  }
}

async function confirmRemove(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [
    { query: getMember, input: { id: idOf(c) } },
    { query: keysOfMember, input: { id: idOf(c) } },
  ])
  const [{ name }, keys] = answers
  const props = {
    viewer: viewerOf(context, removeMember),
    current: '/settings' as const,
    title: `Remove ${name}?`,
    consequence: `${name} is signed out of this workspace at once and cannot come back without an invitation. What they made stays. The audit log keeps their name until they are erased.`,
    action: `${pathOf(c)}/remove`,
    submit: 'Remove member',
    cancel: pathOf(c),
    fields: ['apiKeys'],
    state,
  }
  const names = keys.map((key) => key.name).join(', ')
  return page(
    c,
    <ConfirmPage {...props}>
      {keys.length === 0 ? null : (
        <Select
          state={state}
          name="apiKeys"
          label="Their API keys"
          hint={`${keys.length === 1 ? 'This key works' : `These ${keys.length} keys work`} now: ${names}`}
          options={[
            ['revoke', 'Revoke them: whatever uses them is refused at once'],
            ['hand_over', 'Hand them over to me: they go on, with my role'],
          ]}
        />
      )}
    </ConfirmPage>,
    status,
  )
}

async function remove(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, removeMember, { id: idOf(c), apiKeys: textOf(values, 'apiKeys') || undefined })
    return c.redirect('/settings/members', 303)
  } catch (error) {
    return confirmRemove(c, refused(error, values), 422)
  }
}

async function confirmTransfer(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getMember, input: { id: idOf(c) } }])
  const [{ name }] = answers
  const props = {
    viewer: viewerOf(context, transferWorkspace),
    current: '/settings' as const,
    title: `Make ${name} the owner?`,
    consequence: `${name} will own ${context.workspaceName}, and you become an admin of it. Only they can give it back.`,
    action: `${pathOf(c)}/transfer`,
    submit: 'Hand over the workspace',
    cancel: pathOf(c),
    typed: context.workspaceName,
    state,
  }
  return page(c, <ConfirmPage {...props} />, status)
}

async function transfer(c: C) {
  const values = await formOf(c)
  const { context } = await readPage(c, [{ query: getMember, input: { id: idOf(c) } }])
  const { workspaceName } = context
  if (textOf(values, 'confirm') !== workspaceName) {
    const errors = [{ field: 'confirm', message: `Type ${workspaceName} to hand the workspace over.` }]
    return confirmTransfer(c, { values, errors }, 422)
  }
  try {
    await mutate(c, transferWorkspace, { userId: idOf(c) })
    return c.redirect('/settings/members', 303)
  } catch (error) {
    return confirmTransfer(c, refused(error, values), 422)
  }
}

async function confirmLeave(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [
    { query: getMember, input: { id: idOf(c) } },
    { query: keysOfMember, input: { id: idOf(c) } },
  ])
  const keys = answers[1].map(({ name }) => name)
  const revoked = keys.length === 0 ? '' : ` Your API keys (${keys.join(', ')}) are revoked.`
  const props = {
    viewer: viewerOf(context, leaveWorkspace),
    current: '/settings' as const,
    title: `Leave ${context.workspaceName}?`,
    consequence: `You are signed out, and cannot come back without an invitation.${revoked} To get to your other workspaces, sign in again.`,
    action: `${pathOf(c)}/leave`,
    submit: 'Leave workspace',
    cancel: pathOf(c),
    state,
  }
  return page(c, <ConfirmPage {...props} />, status)
}

async function leave(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, leaveWorkspace, { id: idOf(c) })
  } catch (error) {
    return confirmLeave(c, refused(error, values), 422)
  }
  deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true })
  return c.redirect('/sign-in', 303)
}

/** Who belongs to the workspace, and with which role. */
export function members() {
  const app = new Hono<Edge>()
  app.get('/settings/members', list)
  app.get('/settings/roles', roles)
  app.get('/settings/members/:id', (c) => member(c))
  app.post('/settings/members/:id', change)
  app.get('/settings/members/:id/remove', (c) => confirmRemove(c, EMPTY))
  app.post('/settings/members/:id/remove', remove)
  app.get('/settings/members/:id/transfer', (c) => confirmTransfer(c, EMPTY))
  app.post('/settings/members/:id/transfer', transfer)
  app.get('/settings/members/:id/leave', (c) => confirmLeave(c, EMPTY))
  app.post('/settings/members/:id/leave', leave)
  return app
}
