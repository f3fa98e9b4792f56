import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../lib/candor.ts'
import { type Browser, begin, countRows, expectRefused, newBrowser } from './browser.ts'
import { type Misbehaviour, type Providers, type Somebody, somebody, startProviders } from './providers.ts'

let providers: Providers
beforeEach(() => {
  providers = startProviders()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

async function signIn(provider: string, who: Somebody, browser: Browser = newBrowser()): Promise<Answer> {
  return browser.get(providers.consent(await begin(browser, provider), who).href)
}

/** The workspace that somebody is led to. */
async function workspaceOf(provider: string, who: Somebody): Promise<string> {
  const browser = newBrowser()
  expect((await signIn(provider, who, browser)).status).toBe(303)
  return (await browser.get('/v1/workspace')).body.id
}

async function refused(provider: string, who: Somebody): Promise<Answer> {
  const browser = newBrowser()
  const identities = await countRows('identity')
  const answer = await expectRefused(browser, () => signIn(provider, who, browser), 403)
  expect(await countRows('identity')).toBe(identities)
  return answer
}

const emails = async () => {
  const { results } = await env.DB.prepare('SELECT email FROM user').all<{ email: string }>()
  return results.map(({ email }) => email)
}

describe('an e-mail address that the provider has not verified', () => {
  test.each(['github', 'google'])('opens no account (%s), and the page says what to do', async (provider) => {
    const answer = await refused(provider, somebody({ verified: false }))
    expect(answer.text).toMatch(/(?:GitHub|Google) has not verified your e-mail address\. Verify it there/)
  })

  test.each<[string, string, Misbehaviour]>([
    ['google', 'verified in words', { claims: (right) => ({ ...right, email_verified: 'true' }) }],
    ['google', 'of which nothing is said', { claims: ({ email_verified: _, ...rest }) => rest }],
    ['google', 'that is missing', { claims: ({ email: _, ...rest }) => rest }],
    ['google', 'that is no text', { claims: (right) => ({ ...right, email: ['a@example.test'] }) }],
    ['google', 'that is no address', { claims: (right) => ({ ...right, email: 'somebody' }) }],
    [
      'github',
      'that is not the primary one',
      { emails: (right) => Response.json(right.map((one) => ({ ...one, primary: false }))) },
    ],
    ['github', 'of which there is none', { emails: () => Response.json([]) }],
    [
      'github',
      'beside one that is verified, but not primary',
      { emails: (right) => Response.json(right.map((one) => ({ ...one, verified: one.primary !== true }))) },
    ],
  ])('is not one either (%s) when it is one %s', async (provider, _name, how) => {
    providers.misbehave(how)
    await refused(provider, somebody())
  })
})

describe.each([
  ['github', 'google', 'GitHub'],
  ['google', 'github', 'Google'],
])('the account of somebody who signs in with %s', (provider, other, name) => {
  test(`is not opened by the same e-mail address at ${other}: the page names the right way`, async () => {
    const who = somebody()
    await workspaceOf(provider, who)
    for (const email of [who.email, who.email.toUpperCase(), ` ${who.email} `]) {
      const answer = await refused(other, somebody({ email }))
      expect(answer.text).toContain(
        `Sign in with ${name}, then link this ${other === 'github' ? 'GitHub' : 'Google'} account.`,
      )
    }
  })

  test('is not opened by the same number at the other provider', async () => {
    const who = somebody()
    const mine = await workspaceOf(provider, who)
    expect(await workspaceOf(other, somebody({ subject: who.subject }))).not.toBe(mine)
  })

  test('stays theirs when their e-mail address and name change at the provider', async () => {
    const who = somebody()
    const mine = await workspaceOf(provider, who)
    const moved = somebody({ subject: who.subject })
    expect(await workspaceOf(provider, moved)).toBe(mine)
    expect(await workspaceOf(provider, { ...moved, verified: false })).toBe(mine)
  })

  test('stays theirs when their new address is somebody else\u2019s: they do not become that person', async () => {
    const victim = somebody()
    const theirs = await workspaceOf(provider, victim)
    const who = somebody()
    const mine = await workspaceOf(provider, who)
    expect(await workspaceOf(provider, { ...who, email: victim.email })).toBe(mine)
    expect(await workspaceOf(provider, victim)).toBe(theirs)
  })

  test('is not opened by somebody who took over their name and their address', async () => {
    const who = somebody()
    const mine = await workspaceOf(provider, who)
    const heir = somebody({ name: who.name })
    expect(await workspaceOf(provider, heir)).not.toBe(mine)
    await refused(provider, somebody({ name: who.name, email: who.email }))
  })
})

describe('a look-alike of somebody\u2019s address', () => {
  // Each renders like kim@example.test, and none is it.
  test.each([
    ['a Cyrillic letter', 'k\u0456m@example.test'],
    ['the Kelvin sign, which is a k in lower case', '\u212Aim@example.test'],
    ['a dotless i', 'k\u0131m@example.test'],
    ['full-width letters', '\uFF4Bim@example.test'],
    ['a character without width', 'kim\u200B@example.test'],
    ['an invisible ending', 'kim@example.test\u2060'],
    ['a domain of other letters', 'kim@ex\u0430mple.test'],
    ['the Kelvin sign in the domain', 'kim@\u212Aim.test'],
  ])('with %s opens no account, old or new', async (_name, email) => {
    for (const provider of ['github', 'google']) await refused(provider, somebody({ email }))
    expect(await emails()).not.toContain('kim@example.test')
    expect((await emails()).filter((one) => !/^[\x21-\x7e]+$/.test(one))).toEqual([])
  })

  test('does not stand in the way of the right person afterwards', async () => {
    await refused('github', somebody({ email: '\u212Aim@example.test' }))
    const browser = newBrowser()
    expect((await signIn('google', somebody({ email: 'kim@example.test' }), browser)).status).toBe(303)
    expect(await emails()).toContain('kim@example.test')
  })
})

describe('a name that the provider hands over', () => {
  test.each([
    ['Ada\u202E\u0000 Lovelace\r\n', 'Ada Lovelace,'],
    ['<script>alert(1)</script>', '&lt;script&gt;'],
  ])('%j cannot change how a page reads', async (name, shown) => {
    const browser = newBrowser()
    await signIn('google', somebody({ name }), browser)
    const { text } = await browser.get('/settings')
    expect(text.replaceAll('&#39;', '\u2019')).toContain(shown)
    expect(text).not.toMatch(/<script|\u202E|\0/)
  })

  test.each(['', '   ', '\u202E'])('%j is not missed', async (name) => {
    const browser = newBrowser()
    await signIn('google', somebody({ name }), browser)
    expect((await browser.get('/settings')).text).toMatch(/>(?:Somebody|[\w-]+@[\w.-]+), /)
  })
})
