import { randomBytes } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ProviderConfig, startIdentityProvider } from '../../scripts/lib/identity-provider.ts'
import { newSigningKey } from '../../scripts/lib/secrets.ts'
import { freePort } from './free-port.ts'

const PUBLIC_URL = 'http://localhost:18787'
const insecure = { [oauth.allowInsecureRequests]: true }

let idp: Awaited<ReturnType<typeof startIdentityProvider>>
let port: number
const spoken = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'info'), vi.spyOn(console, 'error')]
const words: unknown[] = []
for (const spy of spoken) spy.mockImplementation((...parts) => void words.push(parts))

const makeKeys = () => ({
  clientSecret: randomBytes(32).toString('base64'),
  cookieKey: randomBytes(32).toString('base64'),
  signingKey: newSigningKey(),
})

beforeAll(async () => {
  port = await freePort()
  idp = await startIdentityProvider({ publicUrl: PUBLIC_URL, idpPort: port }, makeKeys())
})
afterAll(async () => {
  await idp.close()
  for (const spy of spoken) spy.mockRestore()
})
afterEach(() => expect(words.splice(0), 'the terminal stays quiet').toEqual([]))

const providerOf = (id: string): ProviderConfig => {
  const provider = idp.providers.find((candidate) => candidate.id === id)
  if (!provider) throw new Error(`no provider ${id}`)
  return provider
}
const serverOf = (provider: ProviderConfig): oauth.AuthorizationServer => ({
  issuer: provider.issuer,
  authorization_endpoint: provider.authorizeUrl,
  token_endpoint: provider.tokenUrl,
  ...(provider.jwksUrl !== undefined && { jwks_uri: provider.jwksUrl }),
})
const redirectOf = (provider: ProviderConfig) => `${PUBLIC_URL}/sign-in/${provider.id}/callback`

/** One attempt, up to the provider's answer. */
async function authorize(id: string, account: string | null, change: Record<string, string | null> = {}) {
  const provider = providerOf(id)
  const verifier = oauth.generateRandomCodeVerifier()
  const attempt = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier }
  const url = new URL(provider.authorizeUrl)
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectOf(provider),
    response_type: 'code',
    scope: provider.kind === 'oidc' ? 'openid email profile' : 'read:user user:email',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    account,
    ...change,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value)
  const response = await fetch(url, { redirect: 'manual' })
  return { ...attempt, provider, response, url }
}
type Authorized = Awaited<ReturnType<typeof authorize>>

/** The callback's code for a token, as Candor's own sign-in does it; `change` is what the client gets wrong. */
function exchange(authorized: Authorized, change: { secret?: string; verifier?: string; redirectUri?: string } = {}) {
  const { provider, response, state, verifier } = authorized
  const as = serverOf(provider)
  const client = { client_id: provider.clientId }
  const parameters = oauth.validateAuthResponse(as, client, new URL(response.headers.get('location') ?? ''), state)
  return oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.ClientSecretPost(change.secret ?? provider.clientSecret),
    parameters,
    change.redirectUri ?? redirectOf(provider),
    change.verifier ?? verifier,
    { ...insecure, headers: { accept: 'application/json' } },
  )
}

async function claimsOf(account: string) {
  const authorized = await authorize('google', account)
  const as = serverOf(authorized.provider)
  const response = await exchange(authorized)
  const tokens = await oauth.processAuthorizationCodeResponse(
    as,
    { client_id: authorized.provider.clientId },
    response,
    {
      expectedNonce: authorized.nonce,
      requireIdToken: true,
    },
  )
  await oauth.validateApplicationLevelSignature(as, response, insecure)
  return oauth.getValidatedIdTokenClaims(tokens)
}

async function githubUser(account: string) {
  const authorized = await authorize('github', account)
  const token = (await (await exchange(authorized)).json()) as { access_token: string }
  const headers = { authorization: `Bearer ${token.access_token}` }
  const { provider } = authorized
  const ask = async (url: string | undefined) => (await fetch(url ?? '', { headers })).json()
  return { user: await ask(provider.userUrl), emails: await ask(provider.emailsUrl) }
}

describe.each(['github', 'google'])('signing in at the local %s', (id) => {
  test('without an account a person picks one on a page that loads nothing from elsewhere', async () => {
    const { response, url } = await authorize(id, null)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    const html = await response.text()
    for (const name of ['Ada Lovelace', 'Grace Hopper', 'Linus Pauling', 'Margaret Hamilton'])
      expect(html).toContain(name)
    expect(html).toContain('<html lang="en">')
    expect(html).not.toMatch(/src=|<script|<link|url\(|@import/)
    const href = /href="([^"]*account=grace[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const picked = await fetch(new URL(href, url), { redirect: 'manual' })
    expect([302, 303]).toContain(picked.status)
    expect(picked.headers.get('location')).toContain(redirectOf(providerOf(id)))
  })

  test('what stands in the address cannot become part of the page', async () => {
    const { response } = await authorize(id, null, { state: '"><script>alert(1)</script>' })
    expect(await response.text()).not.toContain('<script')
  })

  test('with an account the first answer is the way back, with a code and the state, without a cookie', async () => {
    const { response, state } = await authorize(id, 'ada')
    expect([302, 303]).toContain(response.status)
    const back = new URL(response.headers.get('location') ?? '')
    expect(back.origin + back.pathname).toBe(redirectOf(providerOf(id)))
    expect(back.searchParams.get('state')).toBe(state)
    expect(back.searchParams.get('code')).toMatch(/^[\w-]{20,}$/)
  })

  test('whoever is asked once more and picks an account has been asked', async () => {
    for (const prompt of ['consent', 'select_account']) {
      expect((await authorize(id, null, { prompt })).response.status).toBe(200)
      const { response } = await authorize(id, 'ada', { prompt })
      expect(new URL(response.headers.get('location') ?? '').searchParams.get('code')).toMatch(/^[\w-]{20,}$/)
    }
  })

  test('an account that does not exist is one sentence', async () => {
    const { response } = await authorize(id, 'mallory')
    expect(response.status).toBe(400)
    expect(await response.text()).toBe('There is no account "mallory" here.\n')
  })

  test('nobody is sent to an address that is not Candor', async () => {
    const { response } = await authorize(id, 'ada', { redirect_uri: 'http://localhost:9/steal' })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  test('another client is refused', async () => {
    const { response } = await authorize(id, 'ada', { client_id: 'somebody' })
    expect(response.status).toBe(400)
  })
})

describe('the OpenID server in place of Google', () => {
  test('a person signs in and the signed id_token says who they are', async () => {
    expect(await claimsOf('ada')).toMatchObject({
      iss: providerOf('google').issuer,
      sub: 'local-ada',
      name: 'Ada Lovelace',
      email: 'ada@example.test',
      email_verified: true,
    })
  })

  test('different people are different subjects', async () => {
    const claims = await Promise.all(['ada', 'grace', 'linus', 'margaret'].map(claimsOf))
    expect(new Set(claims.map((claim) => claim?.sub)).size).toBe(4)
  })

  test('an e-mail address that nobody has verified says so', async () => {
    expect(await claimsOf('margaret')).toMatchObject({ email: 'margaret@example.test', email_verified: false })
  })

  test('a request without PKCE is sent back with an error and no code', async () => {
    const { response } = await authorize('google', 'ada', { code_challenge: null, code_challenge_method: null })
    const back = new URL(response.headers.get('location') ?? '')
    expect(back.searchParams.get('error')).toBe('invalid_request')
    expect(back.searchParams.get('code')).toBeNull()
  })

  test('a wrong secret, verifier or redirect address gets no token', async () => {
    const secret = await exchange(await authorize('google', 'ada'), { secret: 'x'.repeat(44) })
    expect([secret.status, await secret.json()]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })])
    const wrong = [{ verifier: oauth.generateRandomCodeVerifier() }, { redirectUri: `${PUBLIC_URL}/other` }]
    for (const change of wrong) {
      const answer = await exchange(await authorize('google', 'ada'), change)
      expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })])
    }
  })

  test('a code works once', async () => {
    const authorized = await authorize('google', 'ada')
    expect((await exchange(authorized)).status).toBe(200)
    const again = await exchange(authorized)
    expect([again.status, await again.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })])
  })

  test('the keys that are published hold nothing private', async () => {
    const { jwksUrl = '' } = providerOf('google')
    const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: unknown[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', kid: expect.any(String) })
    expect(keys[0]).not.toHaveProperty('d')
  })
})

describe('the endpoints in place of GitHub', () => {
  test('a person signs in and the API says who they are', async () => {
    expect(await githubUser('ada')).toEqual({
      user: { id: 1001, login: 'ada', name: 'Ada Lovelace' },
      emails: [{ email: 'ada@example.test', primary: true, verified: true, visibility: null }],
    })
  })

  test('an e-mail address that nobody has verified says so', async () => {
    const { emails } = await githubUser('margaret')
    expect(emails).toEqual([expect.objectContaining({ email: 'margaret@example.test', verified: false })])
  })

  test('a wrong secret, verifier or redirect address gets 200 with an error, as at GitHub', async () => {
    const cases = [
      [{ secret: 'wrong' }, 'incorrect_client_credentials'],
      [{ verifier: oauth.generateRandomCodeVerifier() }, 'bad_verification_code'],
      [{ redirectUri: `${PUBLIC_URL}/other` }, 'redirect_uri_mismatch'],
    ] as const
    for (const [change, error] of cases) {
      const answer = await exchange(await authorize('github', 'ada'), change)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({
        error,
        error_description: expect.any(String),
        error_uri: expect.stringContaining(error.replaceAll('_', '-')),
      })
    }
  })

  test('a request without PKCE gets a code that is worth nothing', async () => {
    const authorized = await authorize('github', 'ada', { code_challenge: null, code_challenge_method: null })
    expect(await (await exchange(authorized)).json()).toMatchObject({ error: 'bad_verification_code' })
  })

  test('a code works once, and not after a failed try either', async () => {
    const used = await authorize('github', 'ada')
    expect(await (await exchange(used)).json()).toHaveProperty('access_token')
    expect(await (await exchange(used)).json()).toMatchObject({ error: 'bad_verification_code' })
    const guessed = await authorize('github', 'ada')
    await exchange(guessed, { verifier: oauth.generateRandomCodeVerifier() })
    expect(await (await exchange(guessed)).json()).toMatchObject({ error: 'bad_verification_code' })
  })

  test('the token endpoint takes a form or JSON, and answers a form unless it is asked for JSON', async () => {
    const { provider, response, verifier } = await authorize('github', 'ada')
    const code = new URL(response.headers.get('location') ?? '').searchParams.get('code')
    const answer = await fetch(provider.tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: provider.clientId,
        client_secret: provider.clientSecret,
        code,
        redirect_uri: redirectOf(provider),
        code_verifier: verifier,
      }),
    })
    expect(answer.headers.get('content-type')).toContain('application/x-www-form-urlencoded')
    expect(new URLSearchParams(await answer.text()).get('access_token')).toMatch(/^[0-9a-f]{40}$/)
  })

  test('hostile bodies are an ordinary refusal', async () => {
    const { tokenUrl } = providerOf('github')
    const bodies = ['null', '[1]', '{"code":{}}', '{', '"x"']
    for (const body of [...bodies, `"${'x'.repeat(100_000)}"`]) {
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const answer = await fetch(tokenUrl, { method: 'POST', headers, body })
      expect(await answer.json()).toMatchObject({ error: 'incorrect_client_credentials' })
    }
  })

  test('the API refuses a token that it has not issued', async () => {
    const { userUrl, emailsUrl } = providerOf('github')
    for (const url of [userUrl, emailsUrl]) {
      const answer = await fetch(url ?? '', { headers: { authorization: `Bearer ${'0'.repeat(40)}` } })
      expect([answer.status, await answer.json()]).toEqual([401, { message: 'Bad credentials' }])
    }
  })
})

test('the provider listens on loopback only, and answers nothing else', async () => {
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  expect((await fetch(`http://127.0.0.1:${port}/github/admin`)).status).toBe(404)
  await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow()
})

test('a second provider on the same port is refused, not ignored', async () => {
  await expect(startIdentityProvider({ publicUrl: PUBLIC_URL, idpPort: port }, makeKeys())).rejects.toThrow(
    'EADDRINUSE',
  )
})
