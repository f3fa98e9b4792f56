import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ask } from '../lib/candor.ts'
import { begin, expectRefused, newBrowser } from './browser.ts'
import { type Misbehaviour, type Providers, somebody, startProviders } from './providers.ts'

/** 64 KB. */
const MOST = 65_536

const LARGE = 'The identity provider’s answer is larger than 64 KB, so it was not read. Try again later.'
const SLOW = 'The identity provider did not answer within 10 seconds. Try again in a while.'

/** The same answer with white space after it, up to a length. */
function padded(right: unknown, length: number): Response {
  const text = JSON.stringify(right)
  return new Response(text.padEnd(length), { headers: { 'content-type': 'application/json' } })
}

/** An answer that begins and does not end. It says whether it was let go. */
function endless() {
  let isLetGo = false
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
    cancel: () => {
      isLetGo = true
    },
  })
  const answer = () => new Response(body, { headers: { 'content-type': 'application/json' } })
  return { answer, isLetGo: () => isLetGo }
}

/** What a provider answers, each in its own way, and who asks for it. */
const ANSWERS: [what: string, provider: string, how: (make: (right: unknown) => Response) => Misbehaviour][] = [
  ['tokens', 'google', (make) => ({ token: make })],
  ['keys', 'google', (make) => ({ jwks: make })],
  ['tokens of GitHub', 'github', (make) => ({ token: make })],
  ['a profile', 'github', (make) => ({ user: make })],
  ['addresses', 'github', (make) => ({ emails: make })],
]

let providers: Providers
beforeEach(() => {
  providers = startProviders()
})

const consented = async (provider: string, how: Misbehaviour) => {
  providers.misbehave(how)
  const browser = newBrowser()
  return { browser, callback: providers.consent(await begin(browser, provider), somebody()).href }
}

describe.each(ANSWERS)('a provider that answers with %s', (_what, provider, how) => {
  test('of 64 KB is believed', async () => {
    const { browser, callback } = await consented(
      provider,
      how((right) => padded(right, MOST)),
    )
    expect((await browser.get(callback)).status).toBe(303)
  })

  test('of a byte more is not read', async () => {
    const { browser, callback } = await consented(
      provider,
      how((right) => padded(right, MOST + 1)),
    )
    const answer = await expectRefused(browser, () => browser.get(callback), 503)
    expect(answer.text).toContain(LARGE)
  })

  test('without an end is not waited for', async () => {
    const stalled = endless()
    const { browser, callback } = await consented(provider, how(stalled.answer))
    // Ten seconds, in less.
    const timeout = AbortSignal.timeout.bind(AbortSignal)
    const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100))
    const answer = await expectRefused(browser, () => browser.get(callback), 503)
    expect(answer.text).toContain(SLOW)
    expect(new Set(asked.mock.calls.flat())).toEqual(new Set([10_000]))
    expect(stalled.isLetGo()).toBe(true)
  })
})

describe('a discovery document', () => {
  const ISSUER = 'https://found.test'
  const DOCUMENT = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/jwks`,
  }
  const found = { id: 'found', kind: 'oidc', name: 'Found', clientId: 'client', clientSecret: 'secret', issuer: ISSUER }
  const configured = { ...env, IDENTITY_PROVIDERS: JSON.stringify([found]) }
  const begins = (document: Response) => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(document)
    return ask('GET', '/sign-in/found', { env: configured })
  }

  // What is right comes last: it is kept for an hour.
  test('of more than 64 KB is not read', async () => {
    const answer = await begins(padded(DOCUMENT, MOST + 1))
    expect([answer.status, answer.headers.get('location')]).toEqual([503, null])
    expect(answer.text).toContain(LARGE)
  })

  test('without an end is not waited for', async () => {
    const stalled = endless()
    const timeout = AbortSignal.timeout.bind(AbortSignal)
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100))
    const answer = await begins(stalled.answer())
    expect([answer.status, stalled.isLetGo()]).toEqual([503, true])
    expect(answer.text).toContain(SLOW)
  })

  test('of 64 KB is believed', async () => {
    const { status, headers } = await begins(padded(DOCUMENT, MOST))
    expect([status, headers.get('location')?.startsWith(`${ISSUER}/authorize?`)]).toEqual([302, true])
  })
})
