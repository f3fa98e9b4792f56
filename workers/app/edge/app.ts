import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import { AppError, ERROR_STATUS } from '../../../shared/errors.ts'
import { api } from './api/api.ts'
import type { Edge } from './context.ts'
import { dashboard } from './dashboard/dashboard.tsx'
import { errorPage } from './dashboard/error.tsx'
import { credential, SESSION_COOKIE } from './middleware/credential.ts'
import { httpsOnly } from './middleware/https.ts'
import { limitCredential } from './middleware/rate-limit.ts'
import { requestId } from './middleware/request-id.ts'
import { sameOrigin } from './middleware/same-origin.ts'
import { secureHeaders } from './middleware/secure-headers.ts'
import { operator } from './operator/operator.ts'
import { problemOf, toAppError } from './problem.ts'
import { publicPages } from './public/public.ts'
import { secretScanning } from './secret-scanning/secret-scanning.ts'
import { signIn } from './sign-in/sign-in.tsx'
import { design } from './site/design.tsx'
import { mailbox } from './site/mailbox.ts'
import { site } from './site/site.tsx'

const isApi = (c: Context<Edge>) => /^\/(?:v1(?:\/|$)|operator\/|secret-scanning$|s\/[^/]+\/api\/)/.test(c.req.path)

/** An error as the surface shows it: problem+json, a page, or the way to sign in. */
function answerError(error: unknown, c: Context<Edge>): Response {
  const problem = toAppError(error, c.get('requestId'))
  const status = ERROR_STATUS[problem.code]
  if (isApi(c)) {
    const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
    if (status === 401) headers['www-authenticate'] = 'Bearer realm="candor"'
    return c.body(JSON.stringify(problemOf(problem, c.get('requestId'))), status, headers)
  }
  if (problem.code === 'account_ending') return c.redirect('/account/ending', 303)
  if (status === 401) {
    // The cookie is good for nothing any more: without this the sign-in page would send the person straight back.
    deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true })
    return c.redirect(`/sign-in?return=${encodeURIComponent(c.req.path)}`, 303)
  }
  return errorPage(c, problem)
}

/** The whole HTTP surface. */
export function edge() {
  const app = new Hono<Edge>()
  app.onError(answerError)
  app.notFound((c) => answerError(new AppError('not_found', 'There is nothing at this address.'), c))
  app.use(requestId, secureHeaders, httpsOnly)
  // First, because it decides what answers on which hostname.
  app.route('/', publicPages())
  app.route('/', site())
  app.route('/', mailbox())
  app.route('/', design())
  app.route('/', operator())
  app.route('/', secretScanning())
  app.use(credential, sameOrigin, limitCredential)
  app.route('/', api())
  app.route('/', signIn())
  app.route('/', dashboard())
  return app
}
