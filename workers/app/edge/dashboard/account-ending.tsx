import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import { GRACE_MS, isOver } from '../../../../shared/domain/grace.ts'
import { AppError } from '../../../../shared/errors.ts'
import { objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { AccountEndingPage, WhatBecomesOfYou } from '../../pages/account-ending.tsx'
import type { FormState } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { getAccount } from '../../services/account/get.ts'
import { personOfSession } from '../../services/account/rows.ts'
import { listOwned } from '../../services/account-ending/owned.ts'
import { isExpired } from '../../services/session/lifetime.ts'
import { changeOwn } from '../account.ts'
import type { Edge } from '../context.ts'
import { SESSION_COOKIE } from '../middleware/credential.ts'
import { page } from '../page.ts'
import { readPage } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { sessionOf } from './session.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

async function confirm(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [
    { query: getAccount, input: {} },
    { query: listOwned, input: {} },
  ])
  const [account, owned] = answers
  const props = {
    viewer: viewerOf(context),
    current: '/account' as const,
    title: 'Delete your account?',
    consequence: 'You are signed out, and it is deleted for good in seven days. Until then you can take that back.',
    action: '/account/delete',
    submit: 'Delete my account',
    cancel: '/account',
    typed: account.email,
    state,
  }
  return page(
    c,
    <ConfirmPage {...props}>
      <WhatBecomesOfYou owned={owned} endsAt={context.now + GRACE_MS} />
    </ConfirmPage>,
    status,
  )
}

async function remove(c: C) {
  const values = await formOf(c)
  try {
    await changeOwn(c, (by) => ({ type: 'account.delete', by, confirm: textOf(values, 'confirm') }))
  } catch (error) {
    return confirm(c, refused(error, values), 422)
  }
  // The mail waits in the outbox of the workspace in which this was done.
  const { workspaceId } = sessionOf(c)
  await objectOf(c.env.WORKSPACE, c.env, workspaceId).wakeAt(Date.now())
  await changeOwn(c, (by) => ({ type: 'session.revoke', by, sessions: 'all' }))
  deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true })
  return c.redirect('/sign-in', 303)
}

/** Whoever is signed in and whose account is being deleted; null when it is not. */
async function leaving(c: C): Promise<{ name: string; endsAt: number } | null> {
  const [row] = await personOfSession(database(c.env.DB), sessionOf(c).hash)
  const now = Date.now()
  if (!row || isExpired(row, now) || isOver(row.personEndsAt, now))
    throw new AppError('unauthorized', 'You are signed out. Sign in again.')
  return row.personEndsAt === null ? null : { name: row.name, endsAt: row.personEndsAt }
}

/** The end of an account, and how it is taken back. */
export function accountEnding() {
  const app = new Hono<Edge>()
  app.get('/account/delete', (c) => confirm(c, { values: {}, errors: [] }))
  app.post('/account/delete', remove)
  app.get('/account/ending', async (c) => {
    const person = await leaving(c)
    return person ? page(c, <AccountEndingPage {...person} />) : c.redirect('/account', 303)
  })
  app.post('/account/keep', async (c) => {
    sessionOf(c)
    await formOf(c)
    await changeOwn(c, (by) => ({ type: 'account.keep', by }))
    return c.redirect('/account', 303)
  })
  return app
}
