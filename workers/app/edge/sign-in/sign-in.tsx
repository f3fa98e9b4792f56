import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import { AppError, ERROR_STATUS } from '../../../../shared/errors.ts'
import { configOf, type IdentityProvider } from '../../bindings.ts'
import { SignInPage } from '../../pages/sign-in.tsx'
import { endSession } from '../account.ts'
import type { Edge } from '../context.ts'
import { SESSION_COOKIE, setSessionCookie } from '../middleware/credential.ts'
import { limited } from '../middleware/rate-limit.ts'
import { page } from '../page.ts'
import { clientOf } from '../run.ts'
import { beginAttempt, endAttempt, isFor, type Purpose, START_PAGE, safePath, type Transaction } from './attempt.ts'
import { failed } from './failed.ts'
import { finishSignIn } from './finish.ts'
import { finishLink, type LinkTransaction, notLinked, sessionOfLink } from './link.tsx'
import { fetchProfile } from './profile.ts'
import { authorizationServer, authorizeUrl, providerOf } from './provider.ts'

type C = Context<Edge>
type SignInTransaction = Transaction<Extract<Purpose, { type: 'sign_in' }>>

const waysOf = (c: C) => configOf(c.env).providers.map(({ id, name }) => ({ id, name }))

function signInPage(c: C, error?: AppError): Response {
  const status = error ? ERROR_STATUS[error.code] : 200
  const asked = c.req.query('return')
  // What goes back to the start page says nothing: so does a link without it.
  const returnTo = asked !== undefined && safePath(asked) === asked ? asked : undefined
  return page(c, <SignInPage providers={waysOf(c)} error={error?.message} returnTo={returnTo} />, status)
}

/** The address is somebody's here: the way in that leads to their account, and on to linking this one. */
function knownAddress(c: C, { id, name }: IdentityProvider, verifiedBy: string[]): Response {
  const ways = waysOf(c)
  const first = ways.filter((way) => verifiedBy.includes(way.id))
  const how = first.length === 0 ? 'the way you did before' : `with ${first.map((way) => way.name).join(' or ')}`
  const error = `There is an account with this e-mail address. Sign in ${how}, then link this ${name} account.`
  const link = { first, path: `/account/link/${id}` }
  return page(c, <SignInPage providers={ways} error={error} link={link} />, ERROR_STATUS.forbidden)
}

/** The session that this browser had until now: its cookie is replaced, so it would only be there to be stolen. */
async function endFormer(c: C): Promise<void> {
  const credential = c.get('credential')
  if (credential?.type !== 'session') return
  await endSession(c, credential.hash).catch((error) => {
    const name = error instanceof Error ? error.name : typeof error
    console.error(JSON.stringify({ event: 'sign_in.former_session_kept', requestId: c.get('requestId'), name }))
  })
}

/** Who the provider says it is. Throws when the person did not let it, and when it is not to be believed. */
async function profileOf(c: C, provider: IdentityProvider, transaction: Transaction) {
  if (c.req.query('error') === 'access_denied')
    throw new AppError('forbidden', `You did not allow ${provider.name} to tell us who you are.`)
  const server = await authorizationServer(provider, configOf(c.env).production)
  return fetchProfile(provider, server, new URL(c.req.url), transaction)
}

async function signedIn(c: C, provider: IdentityProvider, transaction: SignInTransaction): Promise<Response> {
  const profile = await profileOf(c, provider, transaction)
  const requestId = c.get('requestId')
  const outcome = await finishSignIn({ env: c.env, provider, profile, transaction, requestId, client: clientOf(c) })
  if ('verifiedBy' in outcome) return knownAddress(c, provider, outcome.verifiedBy)
  await endFormer(c)
  setSessionCookie(c, outcome.token)
  const { returnTo } = transaction.purpose
  // The start page of a workspace with nothing in it says nothing.
  return c.redirect(outcome.begins && returnTo === START_PAGE ? '/start' : returnTo, 303)
}

async function linked(c: C, provider: IdentityProvider, transaction: LinkTransaction): Promise<Response> {
  try {
    sessionOfLink(c, transaction)
    await finishLink(c, provider, await profileOf(c, provider, transaction), transaction)
    return c.redirect('/account#identities', 303)
  } catch (error) {
    return notLinked(c, provider, transaction, failed(c, provider, error, 'Linking'))
  }
}

/** Where every way to a provider comes back to. What it was begun for, the sealed record says. */
async function callback(c: C): Promise<Response> {
  const provider = providerOf(c)
  try {
    const transaction = await endAttempt(c, provider)
    if (transaction && isFor(transaction, 'link')) return await linked(c, provider, transaction)
    if (!transaction || !isFor(transaction, 'sign_in'))
      throw new AppError('bad_request', 'This sign-in was not begun in this browser, or it took too long. Try again.')
    return await signedIn(c, provider, transaction)
  } catch (error) {
    return signInPage(c, failed(c, provider, error, 'Signing in with'))
  }
}

async function begin(c: C): Promise<Response> {
  const provider = providerOf(c)
  try {
    const server = await authorizationServer(provider, configOf(c.env).production)
    const returnTo = safePath(c.req.query('return'))
    const transaction = await beginAttempt(c, provider, { type: 'sign_in', returnTo })
    const anew = c.req.query('again') !== undefined
    return c.redirect(await authorizeUrl(provider, server, transaction, anew), 302)
  } catch (error) {
    return signInPage(c, failed(c, provider, error, 'Signing in with'))
  }
}

/** Signing in and out. A sign-in begins with a link: `form-action` would stop a form at the redirect. */
export function signIn() {
  const app = new Hono<Edge>()
  app.get('/sign-in', (c) => (c.get('credential') ? c.redirect(safePath(c.req.query('return')), 303) : signInPage(c)))
  app.get('/sign-in/:provider', limited('signIn'), begin)
  app.get('/sign-in/:provider/callback', limited('signIn'), callback)
  app.post('/sign-out', async (c) => {
    const credential = c.get('credential')
    if (credential?.type === 'session') await endSession(c, credential.hash)
    deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true })
    return c.redirect('/sign-in', 303)
  })
  return app
}
