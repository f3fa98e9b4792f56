import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { accountBy, accountsPage, type LocalAccount } from './accounts.ts'

/** A code lives ten minutes, as GitHub's do. */
const CODE_MS = 600_000
const MAX_BODY = 16_384
const MAX_KEPT = 1000

interface Grant {
  account: LocalAccount
  redirectUri: string
  challenge: string | null
  at: number
}

/** A form or a JSON object, as GitHub takes both. What is neither, or too long, has no fields. */
async function fieldsOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const part of request) {
    text += part
    if (text.length > MAX_BODY) return new URLSearchParams()
  }
  if (!request.headers['content-type']?.startsWith('application/json')) return new URLSearchParams(text)
  try {
    const fields = Object.entries(JSON.parse(text) ?? {}).filter(([, value]) => typeof value === 'string')
    return new URLSearchParams(fields as [string, string][])
  } catch {
    return new URLSearchParams()
  }
}

/** The oldest goes when there are too many: whoever asks without end does not fill the memory. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  const [oldest] = map.keys()
  if (map.size >= MAX_KEPT && oldest !== undefined) map.delete(oldest)
  map.set(key, value)
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}
const json = (response: ServerResponse, body: unknown, status = 200) =>
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify(body))

// GitHub's own codes and words: docs.github.com, "Troubleshooting OAuth app access token request errors".
const DOCS = 'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/'
const ERRORS = {
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  bad_verification_code: 'The code passed is incorrect or expired.',
  redirect_uri_mismatch: 'The redirect_uri MUST match the registered callback URL for this application.',
}
const errorOf = (error: keyof typeof ERRORS) => ({
  error,
  error_description: ERRORS[error],
  error_uri: `${DOCS}#${error.replaceAll('_', '-')}`,
})

/** GitHub answers a form, unless it is asked for JSON; with 200, errors included. */
function answerToken(request: IncomingMessage, response: ServerResponse, fields: Record<string, string>): void {
  if (request.headers.accept?.includes('application/json')) json(response, fields)
  else answer(response, 200, 'application/x-www-form-urlencoded; charset=utf-8', new URLSearchParams(fields).toString())
}

/** The endpoints of GitHub that a sign-in uses, for people of this machine. */
export function githubHandler(client: { id: string; secret: string; redirectUri: string }) {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, LocalAccount>()

  function authorize(url: URL, response: ServerResponse) {
    const query = url.searchParams
    const redirectUri = query.get('redirect_uri')
    if (query.get('client_id') !== client.id || redirectUri !== client.redirectUri)
      return answer(response, 400, 'text/plain', 'The client or its redirect URI is not known here.\n')
    const wanted = query.get('account')
    if (wanted === null) return answer(response, 200, 'text/html; charset=utf-8', accountsPage('GitHub', url))
    const account = accountBy(wanted)
    if (!account) return answer(response, 400, 'text/plain', `There is no account "${wanted.slice(0, 64)}" here.\n`)
    const code = randomBytes(16).toString('hex')
    keep(grants, code, { account, redirectUri, challenge: query.get('code_challenge'), at: Date.now() })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    response.writeHead(302, { location: back.href, 'cache-control': 'no-store' }).end()
  }

  /** What a code is exchanged for. The code is spent, whatever comes of it. */
  function redeem(form: URLSearchParams): Record<string, string> {
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret)
      return errorOf('incorrect_client_credentials')
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || Date.now() - grant.at > CODE_MS || grant.challenge !== challenge)
      return errorOf('bad_verification_code')
    if (form.get('redirect_uri') !== grant.redirectUri) return errorOf('redirect_uri_mismatch')
    const accessToken = randomBytes(20).toString('hex')
    keep(tokens, accessToken, grant.account)
    return { access_token: accessToken, token_type: 'bearer', scope: 'read:user,user:email' }
  }

  function api(request: IncomingMessage, response: ServerResponse, path: string) {
    const [, bearer = ''] = /^bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
    const account = tokens.get(bearer)
    if (!account) return json(response, { message: 'Bad credentials' }, 401)
    if (path === '/user') return json(response, { id: account.githubId, login: account.login, name: account.name })
    json(response, [{ email: account.email, primary: true, verified: account.emailVerified, visibility: null }])
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const path = url.pathname.replace(/^\/github/, '')
    if (path === '/login/oauth/authorize') return authorize(url, response)
    if (path === '/login/oauth/access_token' && request.method === 'POST')
      return answerToken(request, response, redeem(await fieldsOf(request)))
    if (path === '/user' || path === '/user/emails') return api(request, response, path)
    json(response, { message: 'Not Found' }, 404)
  }
}
