import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import { AppError, ERROR_STATUS } from '../../../../shared/errors.ts'
import { configOf, type IdentityProvider } from '../../bindings.ts'
import { SignInPage } from '../../pages/sign-in.tsx'
import { endSession } from '../account.ts'
import type { Edge } from '../context.ts'
import { SESSION_COOKIE, setSessionCookie } from '../middleware/credential.ts'
import { page } from '../page.ts'
import { clientOf } from '../run.ts'
import { beginAttempt, endAttempt, safePath } from './attempt.ts'
import { finishSignIn } from './finish.ts'
import { fetchProfile } from './profile.ts'
import { authorizationServer, authorizeUrl } from './provider.ts'

function signInPage(c: Context<Edge>, error?: AppError): Response {
  const providers = configOf(c.env).providers.map(({ id, name }) => ({ id, name }))
  const status = error ? ERROR_STATUS[error.code] : 200
  const asked = c.req.query('return')
  // What goes back to the start page says nothing: so does a link without it.
  const returnTo = asked !== undefined && safePath(asked) === asked ? asked : undefined
  return page(c, <SignInPage providers={providers} error={error?.message} returnTo={returnTo} />, status)
}

function providerOf(c: Context<Edge>): IdentityProvider {
  const id = c.req.param('provider')
  const provider = configOf(c.env).providers.find((candidate) => candidate.id === id)
  if (!provider) throw new AppError('not_found', 'There is no such way to sign in.')
  return provider
}

const serverOf = (c: Context<Edge>, provider: IdentityProvider) =>
  authorizationServer(provider, configOf(c.env).production)

/** What went wrong, without what the provider said: that is for the log. */
function failed(c: Context<Edge>, provider: IdentityProvider, error: unknown): AppError {
  if (error instanceof AppError) return error
  const name = error instanceof Error ? error.name : typeof error
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  console.error(
    JSON.stringify({ event: 'sign_in.failed', provider: provider.id, requestId: c.get('requestId'), name, code }),
  )
  return new AppError('bad_request', `Signing in with ${provider.name} did not work. Try again.`)
}

/** The session that this browser had until now: its cookie is replaced, so it would only be there to be stolen. */
async function endFormer(c: Context<Edge>): Promise<void> {
  const credential = c.get('credential')
  if (credential?.type !== 'session') return
  await endSession(c, credential.hash).catch((error) => {
    const name = error instanceof Error ? error.name : typeof error
    console.error(JSON.stringify({ event: 'sign_in.former_session_kept', requestId: c.get('requestId'), name }))
  })
}

async function callback(c: Context<Edge>): Promise<Response> {
  const provider = providerOf(c)
  try {
    const transaction = await endAttempt(c, provider)
    if (!transaction)
      throw new AppError('bad_request', 'This sign-in was not begun in this browser, or it took too long. Try again.')
    if (c.req.query('error') === 'access_denied')
      throw new AppError('forbidden', `You did not allow ${provider.name} to tell us who you are.`)
    const profile = await fetchProfile(provider, await serverOf(c, provider), new URL(c.req.url), transaction)
    const token = await finishSignIn({
      env: c.env,
      provider,
      profile,
      transaction,
      requestId: c.get('requestId'),
      client: clientOf(c),
    })
    await endFormer(c)
    setSessionCookie(c, token)
    return c.redirect(transaction.returnTo, 303)
  } catch (error) {
    return signInPage(c, failed(c, provider, error))
  }
}

/** Signing in and out. A sign-in begins with a link: `form-action` would stop a form at the redirect. */
export function signIn() {
  const app = new Hono<Edge>()
  app.get('/sign-in', (c) => (c.get('credential') ? c.redirect(safePath(c.req.query('return')), 303) : signInPage(c)))
  app.get('/sign-in/:provider', async (c) => {
    const provider = providerOf(c)
    try {
      const server = await serverOf(c, provider)
      const transaction = await beginAttempt(c, provider, c.req.query('return'))
      return c.redirect(await authorizeUrl(provider, server, transaction), 302)
    } catch (error) {
      return signInPage(c, failed(c, provider, error))
    }
  })
  app.get('/sign-in/:provider/callback', callback)
  app.post('/sign-out', async (c) => {
    const credential = c.get('credential')
    if (credential?.type === 'session') await endSession(c, credential.hash)
    deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true })
    return c.redirect('/sign-in', 303)
  })
  return app
}
