import { beforeEach, describe, expect, test, vi } from 'vitest'
import { newPerson } from '../lib/candor.ts'
import { invite, signInAs } from '../lib/guest.ts'
import { soundLog } from '../lib/log.ts'
import { type Browser, begin, newBrowser, SESSION_COOKIE } from './browser.ts'
import { identityAt, inBrowser, linkTo, ORDERS, personAt, tableOf, unlink, withBoth, workspaceIn } from './linking.ts'
import { type Providers, type Somebody, somebody, startProviders } from './providers.ts'

let providers: Providers
beforeEach(() => {
  providers = startProviders()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

const newEmail = () => `${crypto.randomUUID()}@example.test`

/** A sign-in that is refused, and leaves people and identities as they were. Answers the page. */
async function refused(provider: string, who: Somebody): Promise<{ browser: Browser; text: string }> {
  const before = [await tableOf('user'), await tableOf('identity')]
  const browser = newBrowser()
  const { status, text } = await browser.get(providers.consent(await begin(browser, provider), who).href)
  expect([status, browser.cookies.has(SESSION_COOKIE)]).toEqual([403, false])
  expect([await tableOf('user'), await tableOf('identity')]).toEqual(before)
  return { browser, text }
}
const emailOf = async (userId: string) =>
  (await tableOf('user')).map((row) => row as { id: string; email: string }).find(({ id }) => id === userId)?.email
const refusals = async (userId: string) =>
  (await soundLog(userId)).filter(({ leaf }) => leaf.action === 'sign_in.refuse').length

describe.each(ORDERS)('an address that somebody says is theirs at %s', (provider, other) => {
  test('without having verified it opens nothing, before and after its owner has come with the other', async () => {
    const email = newEmail()
    const attacker = somebody({ email, verified: false })
    await refused(provider, attacker)
    const victim = somebody({ email })
    const mine = await workspaceIn(await inBrowser(providers, other, victim))
    const { text } = await refused(provider, attacker)
    // Nor do they hear that there is an account with it.
    expect(text).toContain('has not verified your e-mail address.')
    expect(text).not.toContain('There is an account')
    expect(await refusals(await personAt(other, victim))).toBe(0)
    expect(await workspaceIn(await inBrowser(providers, other, victim))).toBe(mine)
  })

  test('without having verified it, linked to an account of their own, keeps it from nobody', async () => {
    const email = newEmail()
    const attacker = somebody()
    const browser = await inBrowser(providers, other, attacker)
    expect((await linkTo(providers, browser, provider, somebody({ email, verified: false }))).status).toBe(303)
    const victim = somebody({ email })
    const mine = await workspaceIn(await inBrowser(providers, other, victim))
    expect(mine).not.toBe(await workspaceIn(browser))
    expect(await emailOf(await personAt(other, victim))).toBe(email)
    const { path } = await invite(await newPerson(), email)
    expect((await (await signInAs(providers, attacker, path, other)).browser.get(path)).status).toBe(404)
  })

  test('verified, linked to an account of their own, makes neither them its owner nor its owner them', async () => {
    const email = newEmail()
    const browser = await inBrowser(providers, other, somebody())
    await linkTo(providers, browser, provider, somebody({ email }))
    const victim = somebody({ email })
    expect(await workspaceIn(await inBrowser(providers, other, victim))).not.toBe(await workspaceIn(browser))
  })
})

describe.each(ORDERS)(
  'somebody who signs in with %s first and proves the same address at %s later',
  (provider, other, name) => {
    const first = provider === 'github' ? 'GitHub' : 'Google'
    let who: Somebody
    let there: Somebody
    let mine: string
    beforeEach(async () => {
      who = somebody()
      there = somebody({ email: who.email })
      mine = await workspaceIn(await inBrowser(providers, provider, who))
    })

    test('is refused, told the way, noted, and comes by it to one account with both', async () => {
      const { browser, text } = await refused(other, there)
      expect(text).toContain(`Sign in with ${first}, then link this ${name} account.`)
      expect(await refusals(await personAt(provider, who))).toBe(1)
      const [, way = ''] =
        /<a class="btn" href="(\/sign-in\/[^"]+)">(?:<svg.*?<\/svg>)?Sign in with \w+ to link it/.exec(text) ?? []
      const authorize = new URL((await browser.get(way.replaceAll('&amp;', '&'))).headers.get('location') ?? '')
      const back = await browser.get(providers.consent(authorize, who).href)
      expect(back.headers.get('location')).toBe(`/account/link/${other}`)
      expect((await linkTo(providers, browser, other, there)).status).toBe(303)
      expect(await workspaceIn(await inBrowser(providers, other, there))).toBe(mine)
    })

    test('is refused just so when it is another person to whom the address was given since', async () => {
      const heir = somebody({ email: who.email })
      for (const at of [provider, other]) {
        const { text } = await refused(at, heir)
        expect(text).toContain(`Sign in with ${first}, then link this`)
      }
      expect(await workspaceIn(await inBrowser(providers, provider, who))).toBe(mine)
      expect(await emailOf(await personAt(provider, who))).toBe(who.email)
    })

    test('can prove it in linking: the address is no bar, and stays the account’s', async () => {
      const browser = await inBrowser(providers, provider, who)
      expect((await linkTo(providers, browser, other, there)).status).toBe(303)
      expect(await emailOf(await personAt(other, there))).toBe(who.email)
    })
  },
)

describe.each(ORDERS)('a stranger with the address of an account that signs in with %s', (provider, other) => {
  const sentence = (text: string) => /There is an account[^<]*/.exec(text)?.[0]
  const nameOf = (id: string) => (id === 'github' ? 'GitHub' : 'Google')

  test('hears of no other way to sign in that the account has', async () => {
    const [who, there] = [somebody(), somebody()]
    await withBoth(providers, [provider, who], [other, there])
    const { text } = await refused(provider, somebody({ email: who.email }))
    expect(sentence(text)).toContain(`Sign in with ${nameOf(provider)}, then`)
    expect(sentence(text)).not.toContain(nameOf(other))
  })

  test('hears of both where both have verified it', async () => {
    const who = somebody()
    await withBoth(providers, [provider, who], [other, somebody({ email: who.email })])
    const { text } = await refused(other, somebody({ email: who.email }))
    expect(sentence(text)).toContain('Sign in with GitHub or Google, then')
  })

  test('hears of none once that provider has another address for it, and is led on all the same', async () => {
    const who = somebody()
    await inBrowser(providers, provider, who)
    await inBrowser(providers, provider, { ...who, email: newEmail() })
    const { text } = await refused(other, somebody({ email: who.email }))
    expect(sentence(text)).toContain('Sign in the way you did before, then link')
    expect(text).toContain(`href="/sign-in/${provider}?return=%2Faccount%2Flink%2F${other}"`)
  })
})

describe.each(ORDERS)('an address that changes at %s', (provider, other) => {
  test('changes neither who somebody is, nor the account’s address; only what the page says of that account', async () => {
    const who = somebody()
    const browser = await withBoth(providers, [provider, who], [other, somebody()])
    const mine = await workspaceIn(browser)
    const moved = { ...who, email: newEmail(), name: 'New Name' }
    const again = await inBrowser(providers, provider, moved)
    expect(await workspaceIn(again)).toBe(mine)
    expect(await emailOf(await personAt(provider, who))).toBe(who.email)
    expect((await identityAt(provider, who))?.email).toBe(moved.email)
    const { text } = await again.get('/account')
    for (const words of [moved.email, who.email]) expect(text).toContain(words)
    expect(text).not.toContain('New Name,')
  })

  test('to one that is somebody’s here gives neither of them anything of the other', async () => {
    const [who, victim] = [somebody(), somebody()]
    const mine = await workspaceIn(await inBrowser(providers, provider, who))
    const theirs = await workspaceIn(await inBrowser(providers, other, victim))
    expect(await workspaceIn(await inBrowser(providers, provider, { ...who, email: victim.email }))).toBe(mine)
    expect(await workspaceIn(await inBrowser(providers, other, victim))).toBe(theirs)
    // Nor does it name that account as a way to the victim's.
    const { text } = await refused(provider, somebody({ email: victim.email }))
    expect(text).toContain(`Sign in with ${other === 'github' ? 'GitHub' : 'Google'}, then`)
  })

  test('stays the account’s when the way in that had it is unlinked', async () => {
    const [who, there] = [somebody(), somebody()]
    await withBoth(providers, [provider, who], [other, there])
    const browser = await inBrowser(providers, other, there)
    const row = await identityAt(provider, who)
    expect((await unlink(browser, row?.id ?? '')).status).toBe(303)
    expect(await emailOf(await personAt(other, there))).toBe(who.email)
    const { text } = await refused(provider, who)
    expect(text).toContain('Sign in the way you did before, then link')
  })
})

describe.each(ORDERS)('an invitation, for somebody who linked %s to %s', (provider, other) => {
  /** Whether it opens for them, signed in with the account that they linked. */
  async function opens(invited: string, email: string): Promise<boolean> {
    const there = somebody({ email })
    await withBoth(providers, [other, somebody()], [provider, there])
    const { path } = await invite(await newPerson(), invited)
    const { browser } = await signInAs(providers, there, path, provider)
    const { status } = await browser.get(path)
    expect([200, 404]).toContain(status)
    return status === 200
  }
  const local = () => crypto.randomUUID().slice(0, 8)

  test.each<[string, (x: string) => [invited: string, theirs: string], boolean]>([
    ['their verified address', (x) => [`${x}@example.test`, `${x}@example.test`], true],
    ['the same in another case', (x) => [`${x.toUpperCase()}@Example.TEST`, `${x}@example.test`], true],
    ['the same with a plus', (x) => [`${x}@example.test`, `${x}+a@example.test`], false],
    ['the same with dots', (x) => [`a${x}@example.test`, `a.${x}@example.test`], false],
    ['a look-alike in Cyrillic letters', (x) => [`${x}@ex\u0430mple.test`, `${x}@example.test`], false],
    ['what a look-alike at the provider looks like', (x) => [`k${x}@example.test`, `\u212A${x}@example.test`], false],
    ['its domain in letters of its own', (x) => [`${x}@b\u00fccher.test`, `${x}@xn--bcher-kva.test`], true],
    ['its domain without the dots on the u', (x) => [`${x}@bucher.test`, `${x}@xn--bcher-kva.test`], false],
  ])('to %s', async (_name, addresses, isTheirs) => {
    const [invited, theirs] = addresses(local())
    expect(await opens(invited, theirs)).toBe(isTheirs)
  })

  test('is for the account they are signed in with, and not for another that is linked', async () => {
    const [who, there] = [somebody(), somebody()]
    await withBoth(providers, [other, who], [provider, there])
    const { path } = await invite(await newPerson(), there.email)
    const status = async (at: string, account: Somebody) =>
      (await (await signInAs(providers, account, path, at)).browser.get(path)).status
    expect([await status(other, who), await status(provider, there)]).toEqual([404, 200])
  })
})
