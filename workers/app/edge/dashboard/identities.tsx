import { type Context, Hono } from 'hono'
import type { AccountView } from '../../../../shared/contracts/account.ts'
import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { configOf } from '../../bindings.ts'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { accountAt, LinkPage, SignInAgainPage } from '../../pages/link.tsx'
import type { Viewer } from '../../pages/shells.tsx'
import { getAccount } from '../../services/account/get.ts'
import { parseInput } from '../../services/input.ts'
import { ACCOUNT_LIMITS } from '../../services/limits.ts'
import { isFresh } from '../../services/session/lifetime.ts'
import { changeOwn } from '../account.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { credentialOf, readPage } from '../run.ts'
import { beginAttempt } from '../sign-in/attempt.ts'
import { failed } from '../sign-in/failed.ts'
import { authorizationServer, authorizeUrl, providerOf } from '../sign-in/provider.ts'
import { providerNames } from './account-log.tsx'
import { formOf } from './form.ts'
import { sessionOf } from './session.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

async function readAccount(c: C) {
  const { context, answers } = await readPage(c, [{ query: getAccount, input: {} }])
  return { viewer: viewerOf(context), account: answers[0] }
}

const isLately = ({ signedInAt }: AccountView) => isFresh({ createdAt: Date.parse(signedInAt) }, Date.now())

/** The person signs in again, in one of these ways, and comes back here. The one they are signed in with comes first. */
function signInAgain(c: C, viewer: Viewer, identities: AccountView['identities'], why: string): Response {
  const names = providerNames(c)
  const own = identities.toSorted((one, other) => Number(other.current) - Number(one.current))
  const ways = [...new Set(own.map(({ provider }) => provider))].flatMap((id) => {
    const name = names.get(id)
    return name === undefined ? [] : [{ id, name }]
  })
  return page(c, <SignInAgainPage viewer={viewer} ways={ways} why={why} path={c.req.path} />)
}

/**
 * Leads to the provider by a link on a page of ours: another site can open this page, and cannot press it. Nothing but
 * the attempt is made here.
 */
async function link(c: C): Promise<Response> {
  credentialOf(c)
  const provider = providerOf(c)
  const { viewer, account } = await readAccount(c)
  const { identities } = account
  if (identities.length >= ACCOUNT_LIMITS.identities)
    throw new AppError('limit_reached', `You have ${identities.length} ways to sign in. Unlink one first.`)
  if (!isLately(account)) return signInAgain(c, viewer, identities, `Before you link ${provider.name},`)
  try {
    const server = await authorizationServer(provider, configOf(c.env).production)
    const attempt = await beginAttempt(c, provider, { type: 'link', session: sessionOf(c).hash })
    const authorize = await authorizeUrl(provider, server, attempt, true)
    return page(c, <LinkPage viewer={viewer} account={account} provider={provider.name} authorize={authorize} />)
  } catch (error) {
    throw failed(c, provider, error, 'Linking')
  }
}

/** Of whoever may ask at all. */
function idOf(c: C): string {
  credentialOf(c)
  return parseInput({ input: ById('identity') }, { id: c.req.param('id') }).id
}

async function confirmUnlink(c: C): Promise<Response> {
  const id = idOf(c)
  const { viewer, account } = await readAccount(c)
  const identity = account.identities.find((one) => one.id === id)
  if (!identity) throw new AppError('not_found', 'You have no such way to sign in. It may be unlinked already.')
  const others = account.identities.filter((one) => one.id !== id)
  if (others.length === 0) throw new AppError('conflict', 'This is the only way you sign in. Link another one first.')
  const name = providerNames(c).get(identity.provider) ?? identity.provider
  if (identity.current) return signInAgain(c, viewer, others, `You are signed in with ${name} just now. To unlink it,`)
  if (!isLately(account)) return signInAgain(c, viewer, others, `Before you unlink ${name},`)
  const question = {
    title: `Unlink ${name}?`,
    consequence: `${accountAt(identity)} at ${name} cannot sign in as you any more, and every session that began with it ends. You can link it again.`,
    action: `/account/identities/${id}/unlink`,
    submit: 'Unlink',
    cancel: '/account',
    current: '/account' as const,
  }
  return page(c, <ConfirmPage viewer={viewer} {...question} state={{ values: {}, errors: [] }} />)
}

async function unlink(c: C): Promise<Response> {
  const id = idOf(c)
  await formOf(c)
  await changeOwn(c, (by) => ({ type: 'identity.unlink', by, id }))
  return c.redirect('/account#identities', 303)
}

/** With what else one signs in. */
export function identities() {
  const app = new Hono<Edge>()
  app.get('/account/link/:provider', link)
  app.get('/account/identities/:id/unlink', confirmUnlink)
  app.post('/account/identities/:id/unlink', unlink)
  return app
}
