import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import { SessionId } from '../../../../shared/contracts/account.ts'
import { deviceOf } from '../../../../shared/domain/device.ts'
import { AppError } from '../../../../shared/errors.ts'
import { AccountPage } from '../../pages/account.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { getAccount } from '../../services/account/get.ts'
import { listSessions, MAX_SESSIONS } from '../../services/account/sessions.ts'
import { parseInput } from '../../services/input.ts'
import { ACCOUNT_LIMITS } from '../../services/limits.ts'
import { changeOwn } from '../account.ts'
import type { Edge } from '../context.ts'
import { SESSION_COOKIE } from '../middleware/credential.ts'
import { page } from '../page.ts'
import { credentialOf, readPage } from '../run.ts'
import { providerNames } from './account-log.tsx'
import { formOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

async function account(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: getAccount, input: {} },
    { query: listSessions, input: {} },
  ])
  const props = {
    viewer: viewerOf(context),
    account: answers[0],
    sessions: answers[1],
    atMost: MAX_SESSIONS,
    maxIdentities: ACCOUNT_LIMITS.identities,
    providers: providerNames(c),
    now: Date.now(),
  }
  return page(c, <AccountPage {...props} />)
}

/** Of whoever may ask at all. */
function idOf(c: C): string {
  credentialOf(c)
  return parseInput({ input: SessionId }, c.req.param('id'))
}

interface Question {
  title: string
  consequence: string
  action: string
  submit: string
}

const OTHERS: Question = {
  title: 'Revoke all other sessions?',
  consequence: 'Every browser but this one is signed out at its next request, in every workspace.',
  action: '/account/sessions/revoke-others',
  submit: 'Revoke all others',
}
const EVERYWHERE: Question = {
  title: 'Sign out everywhere?',
  consequence: 'Every browser is signed out at its next request, in every workspace, this one included.',
  action: '/account/sessions/revoke-all',
  submit: 'Sign out everywhere',
}

async function confirm(c: C, question: Question): Promise<Response> {
  const { context } = await readPage(c, [{ query: getAccount, input: {} }])
  const rest = { current: '/account' as const, cancel: '/account', state: { values: {}, errors: [] } }
  return page(c, <ConfirmPage viewer={viewerOf(context)} {...question} {...rest} />)
}

async function confirmOne(c: C): Promise<Response> {
  const id = idOf(c)
  const { answers } = await readPage(c, [{ query: listSessions, input: {} }])
  const session = answers[0].find((one) => one.id === id)
  if (!session) throw new AppError('not_found', 'You have no such session. It may have ended already.')
  return confirm(c, {
    title: `Revoke the session of ${deviceOf(session.userAgent)}?`,
    consequence: 'That browser is signed out at its next request. You can sign in there again.',
    action: `/account/sessions/${id}/revoke`,
    submit: 'Revoke session',
  })
}

async function revoke(c: C, sessions: { id: string } | 'others' | 'all'): Promise<Response> {
  await formOf(c)
  await changeOwn(c, (by) => ({ type: 'session.revoke', by, sessions }))
  if (sessions !== 'all') return c.redirect('/account', 303)
  deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true })
  return c.redirect('/sign-in', 303)
}

/** Who is signed in, and where else they are. */
export function accounts() {
  const app = new Hono<Edge>()
  app.get('/account', account)
  app.get(OTHERS.action, (c) => confirm(c, OTHERS))
  app.post(OTHERS.action, (c) => revoke(c, 'others'))
  app.get(EVERYWHERE.action, (c) => confirm(c, EVERYWHERE))
  app.post(EVERYWHERE.action, (c) => revoke(c, 'all'))
  app.get('/account/sessions/:id/revoke', confirmOne)
  app.post('/account/sessions/:id/revoke', (c) => revoke(c, { id: idOf(c) }))
  return app
}
