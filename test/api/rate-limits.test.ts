import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { RATE_LIMITS } from '../../shared/domain/rate-limits.ts'
import type { Env } from '../../workers/app/bindings.ts'
import wrangler from '../../wrangler.toml?raw'
import { ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { askAt, DEPLOYED, PUBLIC, STATUS } from '../lib/deployment.ts'
import { OPERATOR_KEY } from '../lib/operator.ts'
import { expectProblem, expectTold, limitedBy, onlyLimiter, untilRefused } from '../lib/rate-limits.ts'
import { untouchable } from '../lib/untouchable.ts'

/** A request to a deployment from an address. */
const from = (ip: string, url: string, configured: Env, headers: Record<string, string> = {}) =>
  askAt(url, { headers: { 'cf-connecting-ip': ip, ...headers } }, configured)

let ada: Person
beforeAll(async () => {
  ada = await newPerson()
})

test('the platform counts with the figures of the register', () => {
  const bound = [...wrangler.matchAll(/\[\[ratelimits\]\]\nname = "(\w+)"\nnamespace_id = "(\d+)"\nsimple = (.*)\n/g)]
  const figures = bound.map(([, name, , simple]) => `${name} ${simple}`)
  expect(figures).toEqual(
    Object.values(RATE_LIMITS).map(
      ({ binding, limit, period }) => `${binding} { limit = ${limit}, period = ${period} }`,
    ),
  )
  const namespaces = bound.map(([, , namespace]) => namespace)
  expect(new Set(namespaces).size).toBe(namespaces.length)
})

describe('requests with an API key', () => {
  test('are refused when there are too many, whatever they ask for, without a look-up', async () => {
    const [key, other] = [await newApiKey(ada), await newApiKey(ada)]
    const asked = { as: key.token, env: limitedBy('apiKey') }
    const refusal = await untilRefused('apiKey', () => ask('GET', '/v1/nothing', asked))
    expectTold('apiKey', refusal)
    expectProblem('apiKey', refusal.answer)
    for (const [method, path] of [
      ['GET', '/v1/monitors'],
      ['POST', '/v1/monitors'],
    ] as const) {
      const { env: broken, touches } = onlyLimiter('apiKey')
      const answer = await ask(method, path, {
        as: key.token,
        env: broken,
        ...(method === 'POST' && { body: MONITOR }),
      })
      expect([answer.status, touches]).toEqual([429, []])
    }
    expect((await ask('GET', '/v1/monitors', { ...asked, as: other.token })).status).toBe(200)
    expect((await ask('GET', '/v1/monitors', { as: ada, env: limitedBy('apiKey') })).status).toBe(200)
  })

  test('say which limit there is before it is reached', async () => {
    const { token } = await newApiKey(ada)
    const { status, headers } = await ask('GET', '/v1/monitors', { as: token, env: limitedBy('apiKey') })
    const { limit, period } = RATE_LIMITS.apiKey
    expect([status, headers.get('ratelimit-policy')]).toEqual([200, `"api-key";q=${limit};w=${period}`])
    expect([headers.get('ratelimit'), headers.get('retry-after')]).toEqual([null, null])
  })
})

describe('requests of a session', () => {
  test('are refused when there are too many, with a page where a page was asked for', async () => {
    const [bob, carol] = [await newPerson('Bob'), await newPerson('Carol')]
    const asked = { as: bob, env: limitedBy('session') }
    const refusal = await untilRefused('session', () => ask('GET', '/v1/nothing', asked))
    expectTold('session', refusal)
    expectProblem('session', refusal.answer)
    const { env: broken, touches } = onlyLimiter('session')
    const page = await ask('GET', '/monitors', { as: bob, env: broken })
    expect([page.status, page.headers.get('retry-after'), touches]).toEqual([429, '60', []])
    expect(page.text).toContain(`${RATE_LIMITS.session.says} Wait a minute and try again.`)
    expect((await ask('GET', '/monitors', { ...asked, as: carol })).status).toBe(200)
  })

  test('that other pages send count for nothing', async () => {
    const { env: broken, touches, counted } = untouchable()
    const headers = { cookie: ada.cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await ask('POST', '/settings', { headers, form: { name: 'x' }, env: broken })).status).toBe(403)
    expect([touches, counted()]).toEqual([[], []])
  })
})

describe('credentials that do not verify', () => {
  const WRONG: [what: string, headers: Record<string, string>][] = [
    ['an API key', { authorization: 'Bearer x' }],
    ['a session cookie', { cookie: '__Host-candor=x' }],
  ]

  test.each(WRONG)('are refused from an address that sends too many of them: %s', async (_what, headers) => {
    const [address, neighbour] = [`203.0.113.${headers.cookie ? 1 : 2}`, `203.0.113.${headers.cookie ? 3 : 4}`]
    const { env: broken, touches } = onlyLimiter('refused', DEPLOYED)
    const refusal = await untilRefused('refused', () => from(address, `${PUBLIC}/v1/monitors`, broken, headers))
    expectTold('refused', refusal)
    expect((await from(neighbour, `${PUBLIC}/v1/monitors`, broken, headers)).status).toBe(401)
    expect(touches).toEqual([])
    // Whoever shares the address and has a good one is let in.
    const deployment = { ...limitedBy('refused'), ...DEPLOYED }
    const { token } = await newApiKey(ada)
    const good = { authorization: `Bearer ${token}` }
    expect((await from(address, `${PUBLIC}/v1/monitors`, deployment, good)).status).toBe(200)
  })

  test('count the operator’s key as well', async () => {
    const { env: broken, touches } = onlyLimiter('refused', DEPLOYED)
    const guess = (key: string) =>
      askAt(
        `${PUBLIC}/operator/keys/status`,
        { method: 'POST', headers: { 'cf-connecting-ip': '203.0.113.5', authorization: `Bearer ${key}` } },
        broken,
      )
    const refusal = await untilRefused('refused', () => guess('x'))
    expectTold('refused', refusal)
    expect(touches).toEqual([])
    vi.spyOn(console, 'error').mockReturnValue()
    // The right key gets past, to the database.
    expect([(await guess(OPERATOR_KEY)).status, touches]).toEqual([500, ['DB: get prepare']])
  })

  test('count as one on one machine, where nobody vouches for an address', async () => {
    const { env: broken } = onlyLimiter('refused')
    const refusal = await untilRefused('refused', (attempt) =>
      ask('GET', '/v1/monitors', {
        headers: { authorization: 'Bearer x', 'cf-connecting-ip': `203.0.113.${attempt}` },
        env: broken,
      }),
    )
    expectTold('refused', refusal)
  })
})

describe('an address', () => {
  const begin = (ip: string, configured: Env) => from(ip, `${PUBLIC}/sign-in/github`, configured)

  test('begins and ends no more sign-ins than that', async () => {
    const { env: broken, touches } = onlyLimiter('signIn', DEPLOYED)
    const refusal = await untilRefused('signIn', (attempt) =>
      from('198.51.100.1', `${PUBLIC}/sign-in/github${attempt % 2 ? '/callback?state=x' : ''}`, broken),
    )
    expectTold('signIn', refusal)
    expect(await refusal.answer.text()).toContain('Too many sign-ins were tried from your address.')
    expect((await begin('198.51.100.2', broken)).status).toBe(302)
    expect((await from('198.51.100.1', `${PUBLIC}/sign-in`, broken)).status).toBe(200)
    expect(touches).toEqual([])
  })

  test('is a network of 64 bits where it is an IPv6 address', async () => {
    const { env: broken } = onlyLimiter('signIn', DEPLOYED)
    const refusal = await untilRefused('signIn', (attempt) =>
      begin(`2001:db8:1:2:${attempt.toString(16)}::${attempt.toString(16)}`, broken),
    )
    expectTold('signIn', refusal)
    for (const same of ['2001:db8:1:2::', '2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::198.51.100.7'])
      expect([same, (await begin(same, broken)).status]).toEqual([same, 429])
    for (const other of ['2001:db8:1:3::1', '2001:db8::1:2', '::1', '2001:db8:1::2'])
      expect([other, (await begin(other, broken)).status]).toEqual([other, 302])
  })

  test('asks for status pages no more often than that', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { env: noDatabase } = onlyLimiter('statusPage', DEPLOYED)
    const refusal = await untilRefused('statusPage', () => from('198.51.100.3', `${STATUS}/s/nobody`, noDatabase))
    expectTold('statusPage', refusal)
    const { env: broken, touches } = onlyLimiter('statusPage', DEPLOYED)
    expect([(await from('198.51.100.3', `${STATUS}/s/other`, broken)).status, touches]).toEqual([429, []])
    const deployment = { ...limitedBy('statusPage'), ...DEPLOYED }
    expect((await from('198.51.100.4', `${STATUS}/s/nobody`, deployment)).status).toBe(404)
  })

  test('asks for the deployment log no more often than that', async () => {
    const path = `${PUBLIC}/audit/deployment/keys`
    const { env: broken, touches } = onlyLimiter('deploymentLog', DEPLOYED)
    const refusal = await untilRefused('deploymentLog', () => from('198.51.100.5', path, broken))
    expectTold('deploymentLog', refusal)
    expect((await from('198.51.100.6', path, broken)).status).toBe(200)
    expect(touches).toEqual([])
  })

  test('that is not known keeps nobody from what is public', async () => {
    const { env: broken, counted } = untouchable()
    await ask('GET', '/audit/deployment/keys', { env: broken })
    expect(counted()).toEqual([])
  })
})

describe('a limiter that', () => {
  const read = (limit: () => Promise<{ success: boolean }>) =>
    ask('GET', '/v1/workspace', { as: ada, env: { ...env, RATE_LIMIT_SESSION: { limit } } })

  test.each<[string, () => Promise<{ success: boolean }>, string]>([
    ['fails', () => Promise.reject(new TypeError('broken')), 'TypeError'],
    ['does not answer', () => new Promise(() => undefined), 'TimeoutError'],
  ])('%s stops nobody, and the operator’s log says so', async (_what, limit, name) => {
    const lines = vi.spyOn(console, 'error').mockReturnValue()
    expect((await read(limit)).status).toBe(200)
    expect(lines.mock.calls).toEqual([[JSON.stringify({ event: 'rate_limit.failed', limit: 'session', name })]])
  })
})
