import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LINKED_BY_ANOTHER } from '../../shared/contracts/account.ts'
import { ACCOUNT_LIMITS } from '../../workers/app/services/limits.ts'
import { accountOf, ask, identityOf, NO_CLIENT, newPerson, signedIn } from '../lib/candor.ts'
import { soundLog } from '../lib/log.ts'
import { type Browser, begin, newBrowser, SESSION_COOKIE } from './browser.ts'
import {
  beginLink,
  expectNotLinked,
  identityAt,
  inBrowser,
  linkTo,
  ORDERS,
  personAt,
  tableOf,
  withBoth,
  workspaceIn,
} from './linking.ts'
import { type Providers, somebody, startProviders } from './providers.ts'

const MINUTE_MS = 60_000

let providers: Providers
beforeEach(() => {
  providers = startProviders()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.useRealTimers()
})

const later = (minutes: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * MINUTE_MS })
const leavesOf = async (userId: string) => (await soundLog(userId)).map(({ leaf }) => leaf)
const cookieOf = (browser: Browser) => ({ cookie: `${SESSION_COOKIE}=${browser.cookies.get(SESSION_COOKIE)}` })
const ANOTHER_SESSION = 'This was begun in another session. Begin again from your account.'

describe.each(ORDERS)('somebody who signs in with %s links %s', (provider, other, name) => {
  test('and comes to the same account with both, each shown with its account there', async () => {
    const [who, there] = [somebody(), somebody()]
    const browser = await withBoth(providers, [provider, who], [other, there])
    const mine = await workspaceIn(browser)
    expect(await personAt(other, there)).toBe(await personAt(provider, who))
    for (const [with_, account] of [
      [provider, who],
      [other, there],
    ] as const)
      expect(await workspaceIn(await inBrowser(providers, with_, account))).toBe(mine)
    const { text } = await browser.get('/account')
    for (const words of ['GitHub', 'Google', who.email, there.email, 'This session']) expect(text).toContain(words)
    expect(text).toContain(`are what your first provider said when this account was made`)
  })

  test('in entries of their log, under a new token: the one of before is good for nothing', async () => {
    const [who, there] = [somebody(), somebody()]
    const browser = await inBrowser(providers, provider, who)
    const [before, old] = [await browser.get('/v1/workspace'), cookieOf(browser)]
    expect(before.status).toBe(200)
    await linkTo(providers, browser, other, there)
    expect((await ask('GET', '/v1/workspace', { headers: old })).status).toBe(401)
    expect((await browser.get('/v1/workspace')).status).toBe(200)
    const linked = await identityAt(other, there)
    const [made, begun, link, renewed, ...more] = await leavesOf(await personAt(provider, who))
    expect(more).toEqual([])
    expect([made?.action, begun?.action]).toEqual(['account.create', 'session.create'])
    expect(link).toMatchObject({
      action: 'identity.link',
      auth: 'session',
      entity: { type: 'identity', id: linked?.id },
      before: null,
      after: { provider: other, issuer: linked?.issuer },
      outcome: 'ok',
    })
    expect(renewed).toMatchObject({
      action: 'session.renew',
      before: { session: begun?.entity.id },
      after: { session: renewed?.entity.id },
    })
    // The log names no subject, and no address of the account that was linked.
    expect(JSON.stringify([link, renewed])).not.toMatch(new RegExp(`"${there.subject}"|${there.email}`))
    const { text } = await browser.get('/account/log')
    expect(text).toContain('Way to sign in linked')
  })

  test('only after the provider has asked once more', async () => {
    const browser = await inBrowser(providers, provider, somebody())
    const prompt = other === 'github' ? 'select_account' : 'consent'
    expect((await beginLink(browser, other)).searchParams.get('prompt')).toBe(prompt)
    expect((await begin(newBrowser(), other)).searchParams.get('prompt')).toBeNull()
  })

  test('only when they signed in lately; else they sign in again with their own, and come back', async () => {
    const [who, there] = [somebody(), somebody()]
    const browser = await inBrowser(providers, provider, who)
    later(10.1)
    const { status, text } = await browser.get(`/account/link/${other}`)
    expect([status, browser.attempts()]).toEqual([200, []])
    const [, path = ''] = /<a class="btn" href="(\/sign-in\/[^"]+)"/.exec(text) ?? []
    expect(path).toBe(`/sign-in/${provider}?again=1&amp;return=%2Faccount%2Flink%2F${other}`)
    const again = new URL((await browser.get(path.replaceAll('&amp;', '&'))).headers.get('location') ?? '')
    expect(again.searchParams.get('prompt')).toMatch(/consent|select_account/)
    const back = await browser.get(providers.consent(again, who).href)
    expect(back.headers.get('location')).toBe(`/account/link/${other}`)
    expect((await linkTo(providers, browser, other, there)).status).toBe(303)
    expect(await personAt(other, there)).toBe(await personAt(provider, who))
  })

  test('within ten minutes from when they set out, wherever their ten minutes of signing in end', async () => {
    const browser = await inBrowser(providers, provider, somebody())
    later(9)
    const [first, second] = [await beginLink(browser, other), await beginLink(browser, other)]
    later(9)
    expect((await browser.get(providers.consent(first, somebody()).href)).status).toBe(303)
    later(2)
    const answer = await browser.get(providers.consent(second, somebody()).href)
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('it took too long')])
  })

  test('without a verified address, too: it is no way to anybody’s invitations', async () => {
    const [who, there] = [somebody(), somebody({ verified: false })]
    const browser = await withBoth(providers, [provider, who], [other, there])
    expect((await browser.get('/account')).text).toContain('no verified address')
    const second = await inBrowser(providers, other, there)
    expect(await workspaceIn(second)).toBe(await workspaceIn(browser))
  })

  test('when the provider lets them, and says so when it does not', async () => {
    const browser = await inBrowser(providers, provider, somebody())
    const refused = providers.consent(await beginLink(browser, other), somebody())
    refused.searchParams.delete('code')
    refused.searchParams.set('error', 'access_denied')
    const says = `You did not allow ${name} to tell us who you are.`
    await expectNotLinked(browser, () => browser.get(refused.href), 403, says)
    const callback = providers.consent(await beginLink(browser, other), somebody())
    callback.searchParams.set('code', 'never-given')
    await expectNotLinked(browser, () => browser.get(callback.href), 400, `Linking ${name} did not work. Try again.`)
  })
})

describe.each(ORDERS)('a link that was begun by somebody signed in with %s to %s', (provider, other) => {
  let attacker: Browser
  let callback: URL
  beforeEach(async () => {
    attacker = await inBrowser(providers, provider, somebody())
    callback = providers.consent(await beginLink(attacker, other), somebody())
  })
  /** What a browser has that somebody was able to plant cookies in. */
  const planted = (victim: Browser) => {
    for (const name of attacker.attempts()) victim.cookies.set(name, attacker.cookies.get(name) ?? '')
  }

  test('ends nowhere in the browser of somebody else, signed in or not', async () => {
    const [victim, nobody] = [await inBrowser(providers, provider, somebody()), newBrowser()]
    for (const browser of [victim, nobody])
      await expectNotLinked(browser, () => browser.get(callback.href), 400, 'was not begun in this browser')
  })

  test('nor when its cookie was planted there: the code is not even redeemed', async () => {
    const [victim, nobody] = [await inBrowser(providers, provider, somebody()), newBrowser()]
    for (const browser of [victim, nobody]) {
      planted(browser)
      const asked = providers.asked.length
      await expectNotLinked(browser, () => browser.get(callback.href), 403, ANOTHER_SESSION)
      expect(providers.asked).toHaveLength(asked)
    }
  })

  test('nor in another session of the same person', async () => {
    const who = somebody()
    const [first, second] = [await inBrowser(providers, provider, who), await inBrowser(providers, provider, who)]
    const own = providers.consent(await beginLink(first, other), somebody())
    for (const name of first.attempts()) second.cookies.set(name, first.cookies.get(name) ?? '')
    await expectNotLinked(second, () => second.get(own.href), 403, ANOTHER_SESSION)
  })

  test('nor once its session has ended, or they have signed in again', async () => {
    const kept = new Map(attacker.cookies)
    await attacker.post('/sign-out')
    await expectNotLinked(attacker, () => attacker.get(callback.href), 403, ANOTHER_SESSION)
    const thief = newBrowser()
    for (const [cookie, value] of kept) thief.cookies.set(cookie, value)
    await expectNotLinked(thief, () => thief.get(callback.href), 401, 'You are signed out. Sign in again.')
  })

  test('nor a second time, even with every cookie kept and a provider that redeems codes twice', async () => {
    providers.misbehave({ reusableCodes: true })
    const kept = new Map(attacker.cookies)
    expect((await attacker.get(callback.href)).status).toBe(303)
    const renewed = attacker.cookies.get(SESSION_COOKIE) ?? ''
    for (const session of [kept.get(SESSION_COOKIE) ?? '', renewed]) {
      const again = newBrowser()
      for (const [cookie, value] of kept) again.cookies.set(cookie, value)
      again.cookies.set(SESSION_COOKIE, session)
      const [status, says] = session === renewed ? ([403, ANOTHER_SESSION] as const) : ([401, 'signed out'] as const)
      await expectNotLinked(again, () => again.get(callback.href), status, says)
    }
  })

  test('signs nobody in: not as the person whose account at the provider it is', async () => {
    const victim = somebody()
    await inBrowser(providers, other, victim)
    const nobody = newBrowser()
    planted(nobody)
    const theirs = providers.consent(await beginLink(attacker, other), victim)
    await expectNotLinked(nobody, () => nobody.get(theirs.href), 400, 'was not begun in this browser')
    planted(nobody)
    await expectNotLinked(nobody, () => nobody.get(theirs.href), 403, ANOTHER_SESSION)
    expect(nobody.cookies.has(SESSION_COOKIE)).toBe(false)
  })

  test('is not ended at the path of the other provider', async () => {
    callback.pathname = `/sign-in/${provider}/callback`
    await expectNotLinked(attacker, () => attacker.get(callback.href), 400, 'was not begun in this browser')
  })
})

describe.each(ORDERS)('an account at %s', (provider, other) => {
  test(`is not linked by signing in with it in a browser that is signed in with ${other}`, async () => {
    const [who, there] = [somebody(), somebody()]
    const browser = await inBrowser(providers, other, who)
    await browser.get(providers.consent(await begin(browser, provider), there).href)
    expect(await personAt(provider, there)).not.toBe(await personAt(other, who))
    const linked = (await leavesOf(await personAt(other, who))).filter(({ action }) => action === 'identity.link')
    expect(linked).toEqual([])
  })

  test('with which somebody else signs in is refused, and they see it in their log', async () => {
    const [who, theirs] = [somebody(), somebody()]
    const owner = await inBrowser(providers, provider, theirs)
    const mine = await workspaceIn(owner)
    const browser = await inBrowser(providers, other, who)
    const says = 'Somebody else signs in here with that account. They have to unlink it first.'
    await expectNotLinked(browser, () => linkTo(providers, browser, provider, theirs), 409, says)
    const [noted] = (await leavesOf(await personAt(provider, theirs))).slice(-1)
    expect(noted).toMatchObject({
      action: 'sign_in.refuse',
      after: { provider, why: LINKED_BY_ANOTHER },
      outcome: 'forbidden',
    })
    const { text } = await owner.get('/account/log')
    expect(text).toContain('is theirs, and tried to link it to another one here')
    expect((await leavesOf(await personAt(other, who))).map(({ action }) => action)).not.toContain('identity.link')
    expect(await workspaceIn(await inBrowser(providers, provider, theirs))).toBe(mine)
  })

  test('is linked once: again is refused, and an entry that says so', async () => {
    const [who, there] = [somebody(), somebody()]
    const browser = await withBoth(providers, [other, who], [provider, there])
    const before = await leavesOf(await personAt(other, who))
    for (const own of [
      [provider, there],
      [other, who],
    ] as const)
      await expectNotLinked(
        browser,
        () => linkTo(providers, browser, ...own),
        409,
        'You sign in with this account already.',
      )
    const why = 'You sign in with this account already.'
    const refused = (await leavesOf(await personAt(other, who))).slice(before.length)
    expect(refused).toMatchObject(
      [provider, other].map((id) => ({
        action: 'identity.refuse',
        auth: 'session',
        after: { provider: id, why },
        outcome: 'forbidden',
      })),
    )
    expect((await browser.get('/account/log')).text).toContain('Linking refused')
  })

  test('is linked by one of two who do it at the same moment', async () => {
    const there = somebody()
    const people = [somebody(), somebody()]
    const browsers = await Promise.all(people.map((who) => inBrowser(providers, other, who)))
    const callbacks = await Promise.all(
      browsers.map(async (browser) => providers.consent(await beginLink(browser, provider), there).href),
    )
    const answers = await Promise.all(browsers.map((browser, i) => browser.get(callbacks[i] ?? '')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409])
    const winner = people[answers.findIndex(({ status }) => status === 303)] ?? expect.unreachable()
    expect(await personAt(provider, there)).toBe(await personAt(other, winner))
    for (const who of people) await soundLog(await personAt(other, who))
  })

  test('is one of several, up to a limit that the page says', async () => {
    const browser = await inBrowser(providers, other, somebody())
    for (let i = 1; i < ACCOUNT_LIMITS.identities; i++)
      expect((await linkTo(providers, browser, provider, somebody())).status).toBe(303)
    const { text } = await browser.get('/account')
    expect(text).toContain('You have 10 ways to sign in, and cannot have more.')
    expect(text).not.toContain('/account/link/')
    expect((await browser.get(`/account/link/${provider}`)).status).toBe(402)
  })
})

describe('the account’s own object', () => {
  const request = async (at: { begunAt: number; now: number }) => {
    const person = await newPerson()
    const by = 'hash' in person.session ? person.session.hash : ''
    const identity = { ...identityOf('another'), subject: crypto.randomUUID(), id: 'idn_1', provider: 'github' }
    const asked = { userId: person.userId, requestId: 'req_1', client: NO_CLIENT, by, identity, next: 'ef'.repeat(32) }
    return accountOf(person.userId).mutate({ type: 'identity.link', ...asked, ...at })
  }

  test('holds to the ten minutes itself', async () => {
    const now = Date.now()
    const before = await tableOf('identity')
    const late = await request({ begunAt: now + 11 * MINUTE_MS, now: now + 11 * MINUTE_MS })
    expect(late).toMatchObject({ ok: false, code: 'forbidden' })
    expect((await tableOf('identity')).length).toBe(before.length + 1)
    expect(await request({ begunAt: now + 9 * MINUTE_MS, now: now + 11 * MINUTE_MS })).toMatchObject({ ok: true })
  })
})

describe('the page that leads to a provider', () => {
  test('is for people who are signed in, and for providers that there are', async () => {
    const { status, headers } = await ask('GET', '/account/link/google')
    expect([status, headers.get('location')]).toEqual([303, '/sign-in?return=%2Faccount%2Flink%2Fgoogle'])
    const as = await newPerson()
    expect((await ask('GET', '/account/link/nobody', { as })).status).toBe(404)
    const { body } = await ask('POST', '/v1/api-keys', { as, body: { name: 'k', scope: 'write' } })
    expect((await ask('GET', '/account/link/google', { as: body.token })).status).toBe(403)
  })

  test('says as whom one is signed in, and changes nothing by being opened, wherever the link to it was', async () => {
    const as = await newPerson()
    const before = [await tableOf('identity'), await leavesOf(as.userId)]
    const headers = { 'sec-fetch-site': 'cross-site' }
    const { status, text } = await ask('GET', '/account/link/google', { as, headers })
    expect([status, text]).toEqual([200, expect.stringContaining('You are signed in as Ada Lovelace')])
    expect([await tableOf('identity'), await leavesOf(as.userId)]).toEqual(before)
  })

  test('says afterwards, of the session that goes on, from where that was', async () => {
    const as = await newPerson()
    const by = 'hash' in as.session ? as.session.hash : ''
    const identity = { ...identityOf('there'), subject: crypto.randomUUID(), id: 'idn_2', provider: 'google' }
    const client = { ip: '198.51.100.7', country: 'DE', userAgent: null }
    const now = Date.now()
    const asked = { userId: as.userId, requestId: 'req_1', client, by, identity, next: 'ad'.repeat(32), begunAt: now }
    expect((await accountOf(as.userId).mutate({ type: 'identity.link', ...asked, now })).ok).toBe(true)
    const other = await signedIn(as.workspaceId, as.userId)
    expect((await ask('GET', '/account', { as: other })).text).toContain('Germany, 198.51.100.7')
  })
})
