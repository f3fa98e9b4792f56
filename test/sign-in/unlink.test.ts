import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { accountOf, NO_CLIENT } from '../lib/candor.ts'
import { statement } from '../lib/database.ts'
import { commits } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { type Browser, newBrowser, sessionRows } from './browser.ts'
import { identityAt, inBrowser, linkTo, ORDERS, personAt, tableOf, unlink, withBoth, workspaceIn } from './linking.ts'
import { configured, type Providers, type Somebody, somebody, startProviders } from './providers.ts'

let providers: Providers
beforeEach(() => {
  providers = startProviders()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.useRealTimers()
})

const later = (minutes: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
const statusOf = async (browser: Browser) => (await browser.get('/v1/workspace')).status
const idAt = async (provider: string, who: Somebody) =>
  (await identityAt(provider, who))?.id ?? expect.unreachable('There is no such identity.')
const stored = async () => [await tableOf('identity'), await tableOf('user'), await sessionRows()]

describe.each(ORDERS)('somebody who signs in with %s and %s', (provider, other, name) => {
  let who: Somebody
  let there: Somebody
  let browser: Browser
  let id: string
  beforeEach(async () => {
    who = somebody()
    there = somebody()
    browser = await withBoth(providers, [provider, who], [other, there])
    id = await idAt(other, there)
  })

  test('unlinks one on a page of its own: the sessions that began with it end in the same entry, and no other', async () => {
    const ended = [await inBrowser(providers, other, there), await inBrowser(providers, other, there)]
    const kept = await inBrowser(providers, provider, who)
    const userId = await personAt(provider, who)
    const confirm = await browser.get(`/account/identities/${id}/unlink`)
    expect(confirm.text).toContain(`<h1 class="wrap">Unlink ${name}?</h1>`)
    expect(confirm.text).toContain(`${there.email} at ${name} cannot sign in as you any more`)
    const answer = await unlink(browser, id)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account#identities'])
    expect(await Promise.all([...ended, kept, browser].map(statusOf))).toEqual([401, 401, 200, 200])
    expect(await identityAt(other, there)).toBeNull()
    expect((await soundLog(userId)).at(-1)?.leaf).toMatchObject({
      action: 'identity.unlink',
      auth: 'session',
      actor: { type: 'user', id: userId },
      entity: { type: 'identity', id },
      before: { provider: other, issuer: configured(other).issuer, sessions: 2 },
      after: null,
      outcome: 'ok',
    })
    expect((await browser.get('/account/log')).text).toContain('Way to sign in unlinked')
  })

  test('comes to the account with the other one only; with the first they are a stranger', async () => {
    const mine = await workspaceIn(browser)
    await unlink(browser, id)
    expect(await workspaceIn(await inBrowser(providers, provider, who))).toBe(mine)
    expect(await workspaceIn(await inBrowser(providers, other, there))).not.toBe(mine)
  })

  test('leaves sessions with another account at the same provider', async () => {
    const second = somebody()
    await linkTo(providers, browser, other, second)
    const [first, kept] = [await inBrowser(providers, other, there), await inBrowser(providers, other, second)]
    await unlink(browser, id)
    expect([await statusOf(first), await statusOf(kept)]).toEqual([401, 200])
  })

  test('is not kept from it by a session that ended while the log took no entry', async () => {
    await inBrowser(providers, other, there)
    await statement('UPDATE session SET last_seen_at = 0 WHERE identity_id = ?', id).run()
    expect((await unlink(browser, id)).status).toBe(303)
    const last = (await soundLog(await personAt(provider, who))).at(-1)
    expect(last?.leaf).toMatchObject({ action: 'identity.unlink', before: { sessions: 0 } })
  })

  test('cannot unlink the last, nor is there a button for it', async () => {
    await unlink(browser, id)
    const last = await idAt(provider, who)
    const { text } = await browser.get('/account')
    expect([text.includes('The only way in'), text.includes('/unlink')]).toEqual([true, false])
    const before = await stored()
    for (const answer of [await browser.get(`/account/identities/${last}/unlink`), await unlink(browser, last)])
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('the only way you sign in')])
    expect(await stored()).toEqual(before)
  })

  test('cannot unlink what they are signed in with: nobody locks themselves out', async () => {
    const own = await idAt(provider, who)
    const page = await browser.get(`/account/identities/${own}/unlink`)
    expect(page.text).toContain('just now. To unlink it, sign in once more')
    expect(page.text).toContain(`href="/sign-in/${other}?again=1&amp;return=%2Faccount%2Fidentities%2F${own}%2Funlink"`)
    expect(page.text).not.toContain(`href="/sign-in/${provider}?`)
    const before = await stored()
    const answer = await unlink(browser, own)
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('signed in with it just now')])
    expect(await stored()).toEqual(before)
    const second = await inBrowser(providers, other, there)
    expect((await unlink(second, own)).status).toBe(303)
    expect([await statusOf(browser), await statusOf(second)]).toEqual([401, 200])
  })

  test('has to have signed in lately', async () => {
    later(10.1)
    const page = await browser.get(`/account/identities/${id}/unlink`)
    expect(page.text).toContain(`Before you unlink ${name}, sign in once more`)
    expect(page.text).not.toContain('method="post" action="/account/')
    const before = await stored()
    const answer = await unlink(browser, id)
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('You signed in too long ago for this.')])
    expect(await stored()).toEqual(before)
  })

  test('unlinks nothing by halves, when the database refuses', async () => {
    const session = await inBrowser(providers, other, there)
    const before = await stored()
    commits(() => Promise.reject(new Error('D1_ERROR: no such thing: SQLITE_CONSTRAINT')))
    expect((await unlink(browser, id)).status).toBe(503)
    vi.restoreAllMocks()
    expect(await stored()).toEqual(before)
    expect(await statusOf(session)).toBe(200)
  })

  test('of two browsers that unlink each other’s way in the same moment keeps one', async () => {
    const second = await inBrowser(providers, other, there)
    const own = await idAt(provider, who)
    const answers = await Promise.all([unlink(browser, id), unlink(second, own)])
    const locations = answers.map(({ headers }) => headers.get('location'))
    expect(locations.filter((location) => location === '/account#identities')).toHaveLength(1)
    expect(locations.filter((location) => location?.startsWith('/sign-in?'))).toHaveLength(1)
    const left = (await tableOf('identity')).filter((row) => [id, own].includes((row as { id: string }).id))
    expect(left).toHaveLength(1)
  })

  test('is not let in by a sign-in that was on its way while the identity was unlinked', async () => {
    const userId = await personAt(provider, who)
    const workspaceId = await workspaceIn(browser)
    await unlink(browser, id)
    const before = await stored()
    const { issuer } = configured(other)
    const made = await accountOf(userId).mutate({
      type: 'session.create',
      userId,
      provider: other,
      identity: { issuer, subject: there.subject, name: there.name, email: there.email },
      newcomer: null,
      session: { hash: 'fa'.repeat(32), attempt: 'on-its-way', workspaceId },
      requestId: 'req_1',
      client: NO_CLIENT,
      now: Date.now(),
    })
    expect(made).toMatchObject({ ok: false, code: 'unauthorized' })
    expect(await stored()).toEqual(before)
  })

  test('frees the account at the provider for somebody else, who gets nothing of theirs', async () => {
    const mine = await workspaceIn(browser)
    const stranger = somebody()
    const another = await inBrowser(providers, provider, stranger)
    expect((await linkTo(providers, another, other, there)).status).toBe(409)
    await unlink(browser, id)
    expect((await linkTo(providers, another, other, there)).status).toBe(303)
    expect(await personAt(other, there)).toBe(await personAt(provider, stranger))
    expect(await workspaceIn(await inBrowser(providers, other, there))).toBe(await workspaceIn(another))
    expect(await workspaceIn(browser)).toBe(mine)
    // And back: whoever has it now is asked first.
    expect((await linkTo(providers, browser, other, there)).status).toBe(409)
  })

  test('does not unlink what is somebody else’s', async () => {
    const eve = await withBoth(providers, [provider, somebody()], [other, somebody()])
    const before = await stored()
    expect((await unlink(eve, id)).status).toBe(404)
    expect((await eve.get(`/account/identities/${id}/unlink`)).status).toBe(404)
    expect((await unlink(newBrowser(), id)).status).toBe(303)
    expect(await stored()).toEqual(before)
  })
})
