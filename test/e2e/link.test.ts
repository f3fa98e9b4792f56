import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../node/free-port.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from './harness.ts'
import { startServers } from './openid-servers.ts'
import { countsIn, inDatabase } from './stored.ts'
import { WRONG_ANSWERS, WRONG_TOKENS } from './wrong-tokens.ts'

const COOKIE = '__Host-candor'
const stateDir = newStateDir()
let candor: Candor
let servers: Awaited<ReturnType<typeof startServers>>
/** Whom the second server names: it has no accounts of its own. */
let mockPerson = { sub: 'mock-0', name: 'Joan Clarke', email: 'joan@example.test', email_verified: true }

beforeAll(async () => {
  const port = await freePort()
  servers = await startServers(`http://localhost:${port}`, () => mockPerson)
  candor = await startCandor({ stateDir, port, env: { IDENTITY_PROVIDERS: JSON.stringify(servers.providers) } })
})
afterAll(async () => {
  await candor?.stop()
  await servers?.close()
  removeStateDir(stateDir)
})
beforeEach(() => servers.change({}))

type Browser = ReturnType<typeof makeBrowser>

let people = 0
/** Somebody whom the second server has not named before; with an address that may be somebody's. */
function nextMockPerson(email?: string): void {
  people++
  mockPerson = { ...mockPerson, sub: `mock-${people}`, email: email ?? `joan-${people}@example.test` }
}

/** Consents at the provider: the address that leads back. */
async function consent(browser: Browser, address: string, account: string): Promise<URL> {
  const authorize = new URL(address)
  authorize.searchParams.set('account', account)
  return new URL((await browser.raw(authorize.href)).headers.get('location') ?? '')
}

/** Opens the page that leads to a provider, and consents there. */
async function setOut(browser: Browser, provider: string, account: string): Promise<URL> {
  const { text } = await browser.ask('GET', `/account/link/${provider}`)
  const [, address = ''] = /<a class="btn btn-primary" href="(http[^"]+)"/.exec(text) ?? []
  expect(new URL(address.replaceAll('&amp;', '&')).searchParams.get('prompt')).toBe('consent')
  return consent(browser, address.replaceAll('&amp;', '&'), account)
}

/** In which browser somebody is who signs in with a provider. */
async function signedIn(provider: string, account: string): Promise<Browser> {
  const browser = makeBrowser(candor.url)
  const begun = await browser.raw(`${candor.url}/sign-in/${provider}`)
  const back = await consent(browser, begun.headers.get('location') ?? '', account)
  expect((await browser.raw(back.href)).status).toBe(303)
  return browser
}

const workspaceOf = async (browser: Browser) => (await browser.ask('GET', '/v1/workspace')).body.id

/** Where an account is linked, with what its person signs in, and as which of the first server's people. */
const ORDERS = [
  ['google', 'mock', 'ada'],
  ['mock', 'google', 'grace'],
] as const

describe.each(ORDERS)(
  'linking an account at the server %s by somebody who signs in with %s',
  (provider, own, account) => {
    let browser: Browser
    beforeAll(async () => {
      nextMockPerson()
      browser = await signedIn(own, account)
      if (provider === 'mock') nextMockPerson()
    })

    async function expectNotLinked(callback: URL): Promise<void> {
      const before = countsIn(stateDir)
      const session = browser.cookies.get(COOKIE)
      const answer = await browser.raw(callback.href)
      expect(answer.status).toBe(400)
      // Whose session it was is known, so that it is an entry; and nothing else.
      const [entries = 0, ...rest] = before
      expect(countsIn(stateDir)).toEqual([entries + 1, ...rest])
      expect(browser.cookies.get(COOKIE)).toBe(session)
      expect(await answer.text()).toMatch(/Linking (?:Google|Mock) did not work\. Try again\./)
    }

    test.each(WRONG_TOKENS)('is refused for an id_token %s', async (_name, change) => {
      servers.change(change)
      await expectNotLinked(await setOut(browser, provider, account))
    })

    test.each(WRONG_ANSWERS)('is refused for an answer with %s', async (_name, change) => {
      servers.change(change)
      await expectNotLinked(await setOut(browser, provider, account))
    })

    test('is refused by the server itself when the verifier is another one', async () => {
      servers.change({ verifier: randomBytes(32).toString('base64url') })
      await expectNotLinked(await setOut(browser, provider, account))
    })

    test('works, so that what was refused above was refused for its own reason; and unlinking takes it back', async () => {
      const mine = await workspaceOf(browser)
      const linked = await browser.raw((await setOut(browser, provider, account)).href)
      expect([linked.status, linked.headers.get('location')]).toEqual([303, '/account#identities'])
      const second = await signedIn(provider, account)
      expect(await workspaceOf(second)).toBe(mine)
      const id = inDatabase(stateDir, (db) =>
        db.prepare('SELECT id FROM identity WHERE provider = ? ORDER BY created_at DESC').get(provider),
      )?.id
      expect((await browser.form(`/account/identities/${id}/unlink`, {})).status).toBe(303)
      expect((await second.ask('GET', '/v1/workspace')).status).toBe(401)
      expect(await workspaceOf(await signedIn(provider, account))).not.toBe(mine)
    })
  },
)

describe('an address that is somebody’s here, proven at the other server', () => {
  /** Refused with the way, by which the same browser then comes to one account with both. */
  async function expectWay(own: string, other: string, account: string, names: [string, string]): Promise<void> {
    const mine = await workspaceOf(await signedIn(own, account))
    const browser = makeBrowser(candor.url)
    const begun = await browser.raw(`${candor.url}/sign-in/${other}`)
    const refused = await browser.raw((await consent(browser, begun.headers.get('location') ?? '', account)).href)
    const text = await refused.text()
    expect([refused.status, browser.cookies.has(COOKIE)]).toEqual([403, false])
    expect(text).toContain(`Sign in with ${names[0]}, then link this ${names[1]} account.`)
    const [, way = ''] = /href="(\/sign-in\/[^"]+)">(?:<svg.*?<\/svg>)?Sign in with \w+ to link it/.exec(text) ?? []
    const again = await browser.raw(candor.url + way.replaceAll('&amp;', '&'))
    const back = await browser.raw((await consent(browser, again.headers.get('location') ?? '', account)).href)
    expect(back.headers.get('location')).toBe(`/account/link/${other}`)
    expect((await browser.raw((await setOut(browser, other, account)).href)).status).toBe(303)
    expect(await workspaceOf(await signedIn(other, account))).toBe(mine)
  }

  test('google first', async () => {
    nextMockPerson('linus@example.test')
    await expectWay('google', 'mock', 'linus', ['Google', 'Mock'])
  })

  test('mock first', async () => {
    // The first server has not verified her address: here it has.
    servers.change({ claims: (right) => ({ ...right, email_verified: true }) })
    nextMockPerson('margaret@example.test')
    await expectWay('mock', 'google', 'margaret', ['Mock', 'Google'])
  })
})
