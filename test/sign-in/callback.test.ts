import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Browser, begin, expectRefused, newBrowser, SESSION_COOKIE } from './browser.ts'
import { type Providers, somebody, startProviders } from './providers.ts'

let providers: Providers
beforeEach(() => {
  providers = startProviders()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.useRealTimers()
})

describe.each(['github', 'google'])('a callback of %s is refused', (provider) => {
  const consented = async (browser: Browser) => providers.consent(await begin(browser, provider), somebody())

  test('when it comes a second time', async () => {
    const browser = newBrowser()
    const callback = await consented(browser)
    expect((await browser.get(callback.href)).status).toBe(303)
    browser.cookies.delete(SESSION_COOKIE)
    await expectRefused(browser, () => browser.get(callback.href))
  })

  test('when it comes a second time with its cookie kept, even from a provider that redeems codes twice', async () => {
    providers.misbehave({ reusableCodes: true })
    const browser = newBrowser()
    const callback = await consented(browser)
    const kept = new Map(browser.cookies)
    expect((await browser.get(callback.href)).status).toBe(303)
    const thief = newBrowser()
    for (const [name, value] of kept) thief.cookies.set(name, value)
    await expectRefused(thief, () => thief.get(callback.href))
  })

  test('when it comes in another browser, which has begun a sign-in too', async () => {
    const callback = await consented(newBrowser())
    const victim = newBrowser()
    await begin(victim, provider)
    const asked = providers.asked.length
    await expectRefused(victim, () => victim.get(callback.href))
    expect(providers.asked).toHaveLength(asked)
  })

  test('when its code is another sign-in\u2019s: the provider finds that the verifier is not that one\u2019s', async () => {
    const theirs = await consented(newBrowser())
    const victim = newBrowser()
    const callback = await consented(victim)
    callback.searchParams.set('code', theirs.searchParams.get('code') ?? '')
    await expectRefused(victim, () => victim.get(callback.href))
  })

  test('when it comes to the path of the other provider', async () => {
    const browser = newBrowser()
    const callback = await consented(browser)
    const other = provider === 'github' ? 'google' : 'github'
    callback.pathname = `/sign-in/${other}/callback`
    const asked = providers.asked.length
    await expectRefused(browser, () => browser.get(callback.href))
    expect(providers.asked).toHaveLength(asked)
  })

  test.each<[string, (callback: URL) => void]>([
    ['no state', (callback) => callback.searchParams.delete('state')],
    ['an empty state', (callback) => callback.searchParams.set('state', '')],
    [
      'a state with another ending',
      (callback) => {
        const state = callback.searchParams.get('state') ?? ''
        callback.searchParams.set('state', state.slice(0, -1) + (state.endsWith('A') ? 'B' : 'A'))
      },
    ],
    ['two states', (callback) => callback.searchParams.append('state', 'x'.repeat(43))],
    ['no code', (callback) => callback.searchParams.delete('code')],
    ['the name of another issuer', (callback) => callback.searchParams.set('iss', 'https://evil.test')],
    ['an error of the provider', (callback) => callback.searchParams.set('error', 'server_error')],
  ])('with %s', async (_name, change) => {
    const browser = newBrowser()
    const callback = await consented(browser)
    change(callback)
    await expectRefused(browser, () => browser.get(callback.href))
  })

  test('after ten minutes', async () => {
    const browser = newBrowser()
    const callback = await consented(browser)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_001 })
    const answer = await expectRefused(browser, () => browser.get(callback.href))
    expect(answer.text).toContain('it took too long')
  })

  test('when its cookie was changed, or is another sign-in\u2019s', async () => {
    const browser = newBrowser()
    const callback = await consented(browser)
    const [name = ''] = browser.attempts()
    const value = browser.cookies.get(name) ?? ''
    browser.cookies.set(name, `${value.slice(0, 40)}${value[40] === 'A' ? 'B' : 'A'}${value.slice(41)}`)
    await expectRefused(browser, () => browser.get(callback.href))

    const other = newBrowser()
    await begin(other, provider)
    browser.cookies.set(name, other.cookies.get(other.attempts()[0] ?? '') ?? '')
    await expectRefused(browser, () => browser.get(callback.href))
  })

  test('when the person did not consent, and says that they did not', async () => {
    const browser = newBrowser()
    const callback = await consented(browser)
    callback.searchParams.delete('code')
    callback.searchParams.set('error', 'access_denied')
    const answer = await expectRefused(browser, () => browser.get(callback.href), 403)
    expect(answer.text).toMatch(/You did not allow (?:GitHub|Google) to tell us who you are\./)
  })
})
