import { encodeBase64urlNoPadding } from '@oslojs/encoding'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../lib/candor.ts'
import { begin, expectRefused, newBrowser } from './browser.ts'
import {
  configured,
  type Json,
  type Misbehaviour,
  newKeys,
  type Providers,
  signWith,
  somebody,
  startProviders,
} from './providers.ts'

let providers: Providers
let log: string
beforeEach(() => {
  providers = startProviders()
  log = ''
  vi.spyOn(console, 'error').mockImplementation((line) => {
    log += line
  })
})

/** A sign-in at a provider that misbehaves. */
async function refusedWhen(provider: string, how: Misbehaviour): Promise<Answer> {
  providers.misbehave(how)
  const browser = newBrowser()
  const callback = providers.consent(await begin(browser, provider), somebody()).href
  const answer = await expectRefused(browser, () => browser.get(callback))
  expect(browser.attempts()).toEqual([])
  return answer
}

const without = (field: string) => (claims: Json) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== field))
const seconds = () => Math.floor(Date.now() / 1000)

async function hmac(secret: string, input: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const key = await crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return encodeBase64urlNoPadding(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(input))))
}

describe('an id_token is refused', () => {
  const claims: [string, (claims: Json) => Json][] = [
    ['of another issuer', (right) => ({ ...right, iss: 'https://evil.test' })],
    ['of an issuer with a slash more', (right) => ({ ...right, iss: 'https://accounts.test/' })],
    ['of no issuer', without('iss')],
    ['for another client', (right) => ({ ...right, aud: 'other' })],
    ['for no client', without('aud')],
    ['for several clients, without saying for which', (right) => ({ ...right, aud: ['client', 'other'] })],
    ['for several clients, and for another of them', (right) => ({ ...right, aud: ['client', 'other'], azp: 'other' })],
    ['for this client, but made for another', (right) => ({ ...right, azp: 'other' })],
    ['that has expired', (right) => ({ ...right, exp: seconds() - 60 })],
    ['that never expires', without('exp')],
    ['that expires in words', (right) => ({ ...right, exp: String(seconds() + 300) })],
    ['that is not valid yet', (right) => ({ ...right, nbf: seconds() + 300 })],
    ['that was made at no time', without('iat')],
    ['about nobody', without('sub')],
    ['about nobody, in an empty word', (right) => ({ ...right, sub: '' })],
    ['about a number', (right) => ({ ...right, sub: 12345 })],
    ['with the nonce of another sign-in', (right) => ({ ...right, nonce: crypto.randomUUID() })],
    ['without a nonce', without('nonce')],
  ]
  test.each(claims)('%s', async (_name, change) => {
    await refusedWhen('google', { claims: change })
  })

  test.each<[string, Misbehaviour]>([
    ['that says it needs no signature', { header: (right) => ({ ...right, alg: 'none' }), sign: async () => '' }],
    ['that says so, and is signed', { header: (right) => ({ ...right, alg: 'none' }) }],
    [
      'with a signature of garbage',
      { sign: async () => encodeBase64urlNoPadding(crypto.getRandomValues(new Uint8Array(256))) },
    ],
    ['without a signature', { sign: async () => '' }],
    [
      'signed with another key under the name of the right one',
      { sign: async (input) => signWith(await newKeys(), input) },
    ],
    ['signed with a key that the provider does not publish', { header: (right) => ({ ...right, kid: 'key-2' }) }],
    [
      'signed with the client secret, as if that were a public key',
      {
        header: (right) => ({ ...right, alg: 'HS256' }),
        sign: (input) => hmac(configured('google').clientSecret, input),
      },
    ],
    ['whose key cannot be asked for', { jwks: () => new Response('unavailable', { status: 503 }) }],
    ['whose provider publishes no key', { jwks: () => Response.json({ keys: [] }) }],
    ['that is not there', { token: (right) => Response.json(without('id_token')(right)) }],
    ['that is not a token', { token: (right) => Response.json({ ...right, id_token: 'a.b' }) }],
  ])('%s', async (_name, how) => {
    await refusedWhen('google', how)
  })
})

describe('an answer of the provider is refused', () => {
  test.each<[string, string, Misbehaviour]>([
    ['google', 'with a server error', { token: () => new Response('oops', { status: 500 }) }],
    [
      'google',
      'that is a page',
      { token: () => new Response('<p>hello</p>', { headers: { 'content-type': 'text/html' } }) },
    ],
    ['google', 'without an access token', { token: (right) => Response.json(without('access_token')(right)) }],
    ['github', 'with an error in a 200', { token: () => Response.json({ error: 'bad_verification_code' }) }],
    [
      'github',
      'with an error beside a token',
      { token: (right) => Response.json({ ...right, error: 'suspended' }, { status: 400 }) },
    ],
    ['github', 'without an access token', { token: () => Response.json({ token_type: 'bearer' }) }],
    [
      'github',
      'whose access token opens nothing',
      { token: (right) => Response.json({ ...right, access_token: 'other' }) },
    ],
    ['github', 'about somebody without a number', { user: (right) => Response.json(without('id')(right)) }],
    [
      'github',
      'about somebody whose number is a word',
      { user: (right) => Response.json({ ...right, id: String(right.id) }) },
    ],
    ['github', 'about somebody with the number nought', { user: (right) => Response.json({ ...right, id: 0 }) }],
    ['github', 'about no addresses', { emails: () => Response.json({ message: 'Not Found' }, { status: 404 }) }],
    ['github', 'with addresses that are no list', { emails: () => Response.json({ email: 'a@example.test' }) }],
  ])('%s: %s', async (provider, _name, how) => {
    await refusedWhen(provider, how)
  })

  test('without repeating what the provider said, on the page or in the log', async () => {
    const said = crypto.randomUUID()
    const answer = await refusedWhen('google', {
      token: () => Response.json({ error: 'invalid_grant', error_description: said }, { status: 400 }),
    })
    expect(answer.text).toContain('Signing in with Google did not work. Try again.')
    expect(answer.text).not.toContain(said)
    expect(log).toContain('"event":"sign_in.failed"')
    expect(log).not.toContain(said)
  })
})
