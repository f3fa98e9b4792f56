import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { accountBy, accountsPage, type LocalAccount } from './accounts.ts'

/** A code lives ten minutes, as GitHub's do. */
const CODE_MS = 600_000
const MAX_BODY = 16_384

interface Grant {
  account: LocalAccount
  redirectUri: string
  challenge: string | null
  at: number
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const part of request) {
    text += part
    if (text.length > MAX_BODY) break
  }
  return new URLSearchParams(text)
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}
const json = (response: ServerResponse, body: unknown, status = 200) =>
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify(body))

/** The endpoints of GitHub that a sign-in uses, for people of this machine. Errors come as GitHub's do: 200, with `error`. */
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
    grants.set(code, { account, redirectUri, challenge: query.get('code_challenge'), at: Date.now() })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    response.writeHead(302, { location: back.href, 'cache-control': 'no-store' }).end()
  }

  async function token(request: IncomingMessage, response: ServerResponse) {
    const form = await bodyOf(request)
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret)
      return json(response, { error: 'incorrect_client_credentials' })
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const valid = grant && Date.now() - grant.at < CODE_MS && grant.challenge === challenge
    if (!valid) return json(response, { error: 'bad_verification_code' })
    if (form.get('redirect_uri') !== grant.redirectUri) return json(response, { error: 'redirect_uri_mismatch' })
    const accessToken = randomBytes(20).toString('hex')
    tokens.set(accessToken, grant.account)
    json(response, { access_token: accessToken, token_type: 'bearer', scope: 'read:user,user:email' })
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
    if (path === '/login/oauth/access_token' && request.method === 'POST') return token(request, response)
    if (path === '/user' || path === '/user/emails') return api(request, response, path)
    json(response, { message: 'Not Found' }, 404)
  }
}
