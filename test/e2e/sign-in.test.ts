import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../node/free-port.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from './harness.ts'
import { type Json, startServers } from './openid-servers.ts'
import { countsIn } from './stored.ts'
import { WRONG_ANSWERS, WRONG_TOKENS, without } from './wrong-tokens.ts'

const COOKIE = '__Host-candor'
const stateDir = newStateDir()
let candor: Candor
let servers: Awaited<ReturnType<typeof startServers>>

const MOCK_PERSON = { sub: 'mock-1', name: 'Joan Clarke', email: 'joan@example.test', email_verified: true }

beforeAll(async () => {
  const port = await freePort()
  servers = await startServers(`http://localhost:${port}`, () => MOCK_PERSON)
  candor = await startCandor({ stateDir, port, env: { IDENTITY_PROVIDERS: JSON.stringify(servers.providers) } })
})
afterAll(async () => {
  await candor?.stop()
  await servers?.close()
  removeStateDir(stateDir)
})
beforeEach(() => servers.change({}))

/** What the running Candor has in D1: entries, sessions, people, identities and workspaces. */
const stored = () => countsIn(stateDir)

type Browser = ReturnType<typeof makeBrowser>

/** Begins a sign-in and consents at the provider: the address that leads back. */
async function consent(browser: Browser, provider: string): Promise<URL> {
  const begun = await browser.raw(`${candor.url}/sign-in/${provider}`)
  const authorize = new URL(begun.headers.get('location') ?? '')
  authorize.searchParams.set('account', 'ada')
  const back = await browser.raw(authorize.href)
  return new URL(back.headers.get('location') ?? '')
}

/** No session, nobody new, no cookie, one sentence; an entry only where it is known whom it is about. */
async function expectRefused(browser: Browser, address: URL, noted: 0 | 1 = 0): Promise<void> {
  const before = stored()
  const answer = await browser.raw(address.href)
  expect(answer.status).toBe(400)
  const [entries = 0, ...rest] = before
  expect(stored()).toEqual([entries + noted, ...rest])
  expect(browser.cookies.has(COOKIE)).toBe(false)
  expect(answer.headers.getSetCookie().filter((line) => line.startsWith(`${COOKIE}=`))).toEqual([])
  const text = await answer.text()
  expect(text).toContain('You are not signed in')
  expect(text).toMatch(
    /Signing in with (?:Google|Mock) did not work\. Try again\.|was not begun in this browser|has been used already/,
  )
}

describe.each(['google', 'mock'])('a sign-in with the server %s', (provider) => {
  test('works, so that what is refused below is refused for its own reason', async () => {
    const browser = makeBrowser(candor.url)
    expect((await browser.raw((await consent(browser, provider)).href)).status).toBe(303)
    expect((await browser.ask('GET', '/v1/workspace')).status).toBe(200)
    // A token that was made anew, with nothing changed, is as good as the server's.
    servers.change({ claims: (same) => same })
    const other = makeBrowser(candor.url)
    expect((await other.raw((await consent(other, provider)).href)).status).toBe(303)
  })

  test.each(WRONG_TOKENS)('is refused for an id_token %s', async (_name, change) => {
    servers.change(change)
    const browser = makeBrowser(candor.url)
    await expectRefused(browser, await consent(browser, provider))
  })

  test.each(WRONG_ANSWERS)('is refused for an answer with %s', async (_name, change) => {
    servers.change(change)
    const browser = makeBrowser(candor.url)
    await expectRefused(browser, await consent(browser, provider))
  })

  test('is refused by the server itself when the verifier is another one', async () => {
    servers.change({ verifier: randomBytes(32).toString('base64url') })
    const browser = makeBrowser(candor.url)
    await expectRefused(browser, await consent(browser, provider))
  })

  test('is refused when its callback comes again, even where the server would redeem the code twice', async () => {
    const browser = makeBrowser(candor.url)
    const callback = await consent(browser, provider)
    const kept = new Map(browser.cookies)
    expect((await browser.raw(callback.href)).status).toBe(303)
    browser.cookies.delete(COOKIE)
    await expectRefused(browser, callback)
    const thief = makeBrowser(candor.url)
    for (const [name, value] of kept) thief.cookies.set(name, value)
    servers.change({ repeat: true })
    await expectRefused(thief, callback, 1)
  })

  test('is refused with the state of another browser', async () => {
    const callback = await consent(makeBrowser(candor.url), provider)
    const victim = makeBrowser(candor.url)
    await consent(victim, provider)
    await expectRefused(victim, callback)
  })

  test('is refused at the path of the other server', async () => {
    const browser = makeBrowser(candor.url)
    const callback = await consent(browser, provider)
    callback.pathname = `/sign-in/${provider === 'google' ? 'mock' : 'google'}/callback`
    await expectRefused(browser, callback)
  })

  test('is refused when the callback names another issuer', async () => {
    const browser = makeBrowser(candor.url)
    const callback = await consent(browser, provider)
    callback.searchParams.set('iss', 'https://evil.test')
    await expectRefused(browser, callback)
  })
})

describe('a provider of which only the issuer is configured', () => {
  const begin = () => makeBrowser(candor.url).raw(`${candor.url}/sign-in/discovered`)

  // First those that are refused: what is right is kept for an hour.
  test.each<[string, (right: Json) => Json]>([
    ['of another issuer', (right) => ({ ...right, issuer: 'https://evil.test' })],
    ['of an issuer with a slash more', (right) => ({ ...right, issuer: `${right.issuer}/` })],
    ['without an issuer', without('issuer')],
    ['without a token endpoint', without('token_endpoint')],
    ['without keys', without('jwks_uri')],
    [
      'that sends people to plain http elsewhere',
      (right) => ({ ...right, authorization_endpoint: 'http://evil.test/a' }),
    ],
    ['that sends people to a script', (right) => ({ ...right, authorization_endpoint: 'javascript:alert(1)' })],
  ])('is not used with a document %s', async (_name, change) => {
    servers.discovery(change)
    const answer = await begin()
    expect([answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([400, null, []])
    expect(await answer.text()).toContain('Signing in with Discovered did not work. Try again.')
  })

  test('signs people in by its document, which is asked for once', async () => {
    let asked = 0
    servers.discovery((right) => {
      asked++
      return right
    })
    for (let i = 0; i < 2; i++) {
      const browser = makeBrowser(candor.url)
      expect((await browser.raw((await consent(browser, 'discovered')).href)).status).toBe(303)
      expect((await browser.ask('GET', '/v1/workspace')).status).toBe(200)
    }
    expect(asked).toBe(1)
  })
})
