import { env } from 'cloudflare:workers'
import { encodeHexLowerCase } from '@oslojs/encoding'
import { beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../lib/candor.ts'
import { begin, countRows, newBrowser, SESSION_COOKIE, sessionRows } from './browser.ts'
import { type Providers, somebody, startProviders } from './providers.ts'

let providers: Providers
beforeEach(() => {
  providers = startProviders()
})

describe.each([
  ['github', 'https://github.test/login/oauth/authorize', 'read:user user:email'],
  ['google', 'https://accounts.test/authorize', 'openid email profile'],
])('signing in with %s', (provider, endpoint, scope) => {
  test('begins at the provider, with a proof that only this browser can give', async () => {
    const browser = newBrowser()
    const authorize = await begin(browser, provider)
    expect(authorize.origin + authorize.pathname).toBe(endpoint)
    const query = Object.fromEntries(authorize.searchParams)
    expect(query).toMatchObject({
      client_id: 'client',
      response_type: 'code',
      scope,
      redirect_uri: `http://localhost:8787/sign-in/${provider}/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(query.nonce !== undefined).toBe(provider === 'google')
    const [attempt = ''] = browser.attempts()
    expect(browser.cookies.get(attempt)).toMatch(/^[\w-]{200,}$/)
    expect(browser.cookies.get(attempt)).not.toContain(query.state)
  })

  test('makes a person with a workspace of their own at the first time, and finds them again after that', async () => {
    const who = somebody({ name: 'Ada Lovelace' })
    const first = newBrowser()
    const landed = await first.get(providers.consent(await begin(first, provider), who).href)
    expect([landed.status, landed.headers.get('location')]).toEqual([303, '/start'])
    expect(first.attempts()).toEqual([])
    const { body: workspace } = await first.get('/v1/workspace')
    expect(workspace).toMatchObject({ id: expect.stringMatching(/^ws_/), name: 'My workspace' })

    const people = await countRows('user')
    const second = newBrowser()
    const again = await second.get(providers.consent(await begin(second, provider), who).href)
    expect(again.headers.get('location')).toBe('/monitors')
    expect((await second.get('/v1/workspace')).body.id).toBe(workspace.id)
    expect(await countRows('user')).toBe(people)
    expect(second.cookies.get(SESSION_COOKIE)).not.toBe(first.cookies.get(SESSION_COOKIE))
    expect((await first.get('/v1/workspace')).status).toBe(200)
  })

  test('is an entry in the audit log of the new workspace, without the name and the e-mail address', async () => {
    const who = somebody()
    const browser = newBrowser()
    await browser.get(providers.consent(await begin(browser, provider), who).href)
    const { body } = await browser.get('/v1/audit-logs')
    expect(body.data).toMatchObject([{ action: 'audit_log.read' }, { seq: 0, action: 'workspace.create' }])
    const leaf = await env.DB.prepare('SELECT leaf FROM audit_body WHERE log_id = ? AND seq = 0')
      .bind(body.data[1].entity.id)
      .first<string>('leaf')
    expect(String(leaf)).toContain('workspace.create')
    expect(String(leaf)).not.toContain(who.email)
    expect(String(leaf)).not.toContain(who.name)
  })

  test('keeps no token of the provider', async () => {
    const browser = newBrowser()
    await browser.get(providers.consent(await begin(browser, provider), somebody()).href)
    const { results } = await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    ).all<{ name: string }>()
    const rows = await Promise.all(results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()))
    const dump = JSON.stringify(rows.map((table) => table.results))
    expect(dump).toContain('github.test')
    expect(providers.accessTokens()).toHaveLength(1)
    for (const token of providers.accessTokens()) expect(dump).not.toContain(token)
  })

  test.each(['/status-pages', '/monitors?status=down', '/'])(
    'leads back to %s, where the person came from',
    async (path) => {
      const browser = newBrowser()
      const landed = await browser.get(providers.consent(await begin(browser, provider, path), somebody()).href)
      expect(landed.headers.get('location')).toBe(path)
    },
  )

  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/a\\..\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /monitors',
    'https://evil.example/',
    'https:evil.example',
    'javascript:alert(1)',
    'monitors',
    '.evil.example',
    '@evil.example',
    '/é',
    `/${'a'.repeat(501)}`,
    '',
  ])('never leads to %j', async (path) => {
    const browser = newBrowser()
    const landed = await browser.get(providers.consent(await begin(browser, provider, path), somebody()).href)
    expect(landed.headers.get('location')).toBe('/start')
    const again = await browser.get(`/sign-in?return=${encodeURIComponent(path)}`)
    expect([again.status, again.headers.get('location')]).toEqual([303, '/monitors'])
  })
})

describe('the cookies', () => {
  test('of a session and of an attempt are for this host only, and out of reach for scripts', async () => {
    const browser = newBrowser()
    const begun = await ask('GET', '/sign-in/google')
    const landed = await browser.get(providers.consent(await begin(browser, 'google'), somebody()).href)
    const [attempt = ''] = begun.headers.getSetCookie()
    const session = landed.headers.getSetCookie().find((line) => line.startsWith(`${SESSION_COOKIE}=`)) ?? ''
    for (const line of [attempt, session]) {
      expect(
        line
          .split('; ')
          .slice(1)
          .map((part) => part.toLowerCase()),
      ).toEqual(expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=lax']))
      expect(line).toMatch(/^__Host-/)
      expect(line).not.toMatch(/domain=/i)
    }
    expect(attempt).toMatch(/max-age=600/i)
  })

  test('hold a secret that the database knows only the hash of', async () => {
    const browser = newBrowser()
    await browser.get(providers.consent(await begin(browser, 'github'), somebody()).href)
    const token = browser.cookies.get(SESSION_COOKIE) ?? ''
    const [, , secret = ''] = token.split('.')
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)))
    const rows = await sessionRows()
    expect(rows.map(({ hash }) => hash)).toContain(encodeHexLowerCase(digest))
    expect(JSON.stringify(rows)).not.toContain(secret)
  })
})

describe('two tabs at once', () => {
  test('both end signed in, whichever comes back first', async () => {
    const browser = newBrowser()
    const who = somebody()
    const first = await begin(browser, 'google', '/status-pages')
    const second = await begin(browser, 'google', '/incidents')
    expect(browser.attempts()).toHaveLength(2)
    const landed = await browser.get(providers.consent(second, who).href)
    expect(landed.headers.get('location')).toBe('/incidents')
    const other = await browser.get(providers.consent(first, who).href)
    expect(other.headers.get('location')).toBe('/status-pages')
    expect((await browser.get('/v1/workspace')).status).toBe(200)
  })

  test('at different providers do not get in each other\u2019s way', async () => {
    const browser = newBrowser()
    const google = await begin(browser, 'google')
    const github = await begin(browser, 'github')
    expect((await browser.get(providers.consent(google, somebody()).href)).status).toBe(303)
    expect((await browser.get(providers.consent(github, somebody()).href)).status).toBe(303)
  })

  test('of somebody new, in the same moment, make one person', async () => {
    const who = somebody()
    const people = await countRows('user')
    const browsers = [newBrowser(), newBrowser()]
    const callbacks = await Promise.all(
      browsers.map(async (browser) => providers.consent(await begin(browser, 'github'), who).href),
    )
    const landed = await Promise.all(browsers.map((browser, i) => browser.get(callbacks[i] ?? '')))
    expect(landed.map(({ status }) => status)).toContain(303)
    for (const { status } of landed) expect(status).toBeLessThan(500)
    expect(await countRows('user')).toBe(people + 1)
  })
})

test('a way to sign in that is not configured is not found', async () => {
  expect((await ask('GET', '/sign-in/nobody')).status).toBe(404)
  expect((await ask('GET', '/sign-in/nobody/callback?code=x&state=y')).status).toBe(404)
})
