import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { configOf } from '../../workers/app/bindings.ts'
import { parseApiKeyRing } from '../../workers/app/crypto/keyring.ts'
import { issueApiKey } from '../../workers/app/crypto/token.ts'
import { type Answer, type Asked, ask, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { newKey } from '../lib/keys.ts'
import { soundLog } from '../lib/log.ts'
import {
  API_ROUTES,
  CHANGES,
  DASHBOARD_ROUTES,
  EXPORTS,
  OTHER_ROUTES,
  PUBLIC_ROUTES,
  pathTo,
  READS,
} from '../lib/routes.ts'
import { bindingNames, untouchable } from '../lib/untouchable.ts'

let person: Person
let readKey: string
let writeKey: string
let forgedKey: string

/** A key whose form, checksum and claims are right, made by somebody who has another ring. */
async function forge(workspaceId: string): Promise<string> {
  const { active } = configOf(env).apiKeyRing
  const ring = parseApiKeyRing(JSON.stringify([{ id: active.id, key: newKey(), state: 'active' }]))
  const made = await issueApiKey(ring, { workspaceId, keyId: newId('apiKey'), scope: 'write', expiresAt: null })
  return made.token
}

beforeAll(async () => {
  person = await newPerson()
  readKey = (await newApiKey(person, 'read')).token
  writeKey = (await newApiKey(person, 'write')).token
  forgedKey = await forge(person.workspaceId)
})

/**
 * Asks with an environment in which every binding throws, and holds the application to having touched none: but for the
 * rate limiters, of which it says which one counts, once (ADR 0026).
 */
async function askUntouched(method: string, path: string, asked: Asked = {}, limits: string[] = []): Promise<Answer> {
  const { env: broken, touches, counted } = untouchable()
  const answer = await ask(method, pathTo(path, newId('monitor')), { ...asked, env: broken })
  expect([touches, counted()]).toEqual([[], limits])
  return answer
}

/** An error as RFC 9457 has it, with Candor's own members and nothing else. */
function expectProblem({ body, headers }: Answer, status: number, code: string) {
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toEqual({
    type: `urn:candor:problem:${code}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/\.$/),
    code,
    requestId: expect.stringMatching(/^req_[0-9A-Za-z]{11}$/),
  })
  expect(headers.get('x-request-id')).toBe(body.requestId)
}

test('the environment of these tests has every binding of the Worker, and a touch is noticed', async () => {
  expect(bindingNames()).toEqual(
    expect.arrayContaining(['DB', 'WORKSPACE', 'MONITORING', 'OUTBOX', 'ASSETS', 'PROBE_LOCAL']),
  )
  vi.spyOn(console, 'error').mockReturnValue()
  const { env: broken, touches } = untouchable()
  const answer = await ask('GET', '/v1/monitors', { as: readKey, env: broken })
  expect([answer.status, touches]).toEqual([500, ['DB: get prepare']])
})

test('the API has exactly the routes that the registers of reads and changes name', () => {
  const registered = [...[...READS, ...CHANGES].map(({ route }) => route), ...EXPORTS]
  expect(API_ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(registered.toSorted())
})

describe.each([...READS, ...CHANGES])('$route, before anything is looked up,', ({ method, path }) => {
  test('answers 401 without a credential', async () => {
    const answer = await askUntouched(method, path)
    expect(answer.status).toBe(401)
    expectProblem(answer, 401, 'unauthorized')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="candor"')
  })

  test('answers 401 to what is no key, and to a key that somebody else made, in the same words', async () => {
    const headers = [
      'Bearer',
      'Bearer x',
      `Basic ${btoa('a:b')}`,
      writeKey,
      `Bearer ${writeKey} x`,
      `Token ${writeKey}`,
    ]
    const malformed = headers.map((authorization) => ({ headers: { authorization } }))
    const answers = await Promise.all(
      [...malformed, { as: forgedKey }].map((asked) => askUntouched(method, path, asked, ['refused'])),
    )
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expectProblem(answer, 401, 'unauthorized')
      expect({ ...answer.body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' })
    }
  })

  test('answers 401 to a session cookie that we did not make', async () => {
    const cookie = person.cookie.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
    const asked = { headers: { cookie, 'sec-fetch-site': 'same-origin' } }
    const answer = await askUntouched(method, path, asked, ['refused'])
    expect(answer.status).toBe(401)
    expectProblem(answer, 401, 'unauthorized')
  })
})

test.each(CHANGES)('$route, before anything is looked up, answers 403 to a key that may only read', async (route) => {
  for (const body of [undefined, {}, { name: 'x' }, 'no json']) {
    const answer = await askUntouched(route.method, route.path, { as: readKey, body }, ['api-key'])
    expect(answer.status).toBe(403)
    expectProblem(answer, 403, 'forbidden')
  }
})

test.each(CHANGES.filter(({ operation }) => !operation.credentials?.includes('api_key') && operation.credentials))(
  '$route answers 403 to any key, because only people may do it, and the log says that one tried',
  async ({ method, path, operation }) => {
    expect((await askUntouched(method, path, { as: readKey, body: {} }, ['api-key'])).status).toBe(403)
    const answer = await ask(method, pathTo(path, newId('monitor')), { as: writeKey, body: {} })
    expect(answer.status).toBe(403)
    expectProblem(answer, 403, 'forbidden')
    const { leaf } = (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()
    const said = {
      action: operation.action,
      outcome: 'forbidden',
      actor: { type: 'api_key' },
      surface: 'api',
      changed: [],
    }
    expect(leaf).toMatchObject(said)
  },
)

test('a reading key does not gain from a session cookie that comes with it', async () => {
  const headers = { cookie: person.cookie, 'sec-fetch-site': 'same-origin' }
  for (const { method, path } of CHANGES)
    expect((await askUntouched(method, path, { as: readKey, headers }, ['api-key'])).status).toBe(403)
})

test('what answers without a sign-in is a list that somebody has looked at', () => {
  const mounted = OTHER_ROUTES.map(({ method, path }) => `${method} ${path}`)
  expect(PUBLIC_ROUTES.filter((route) => !mounted.includes(route))).toEqual([])
  expect(DASHBOARD_ROUTES.length).toBeGreaterThan(20)
})

describe.each(DASHBOARD_ROUTES)('$method $path, before anything is looked up,', ({ method, path }) => {
  const form = method === 'POST' ? { name: 'x', confirm: 'x' } : undefined

  test('sends somebody who is not signed in to sign in, and back to this page', async () => {
    const at = pathTo(path, newId('monitor'))
    const { env: broken, touches, counted } = untouchable()
    const cookie = person.cookie.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
    for (const sent of ['', cookie, '__Host-candor=x', 'candor=x']) {
      const answer = await ask(method, at, { headers: { cookie: sent }, ...(form && { form }), env: broken })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe(`/sign-in?return=${encodeURIComponent(at)}`)
      expect(answer.headers.get('set-cookie')).toMatch(/^__Host-candor=; Max-Age=0; Path=\/; Secure$/)
    }
    expect([touches, counted()]).toEqual([[], ['refused', 'refused']])
  })

  test('is closed to API keys: pages are for people', async () => {
    for (const as of [readKey, writeKey]) {
      const answer = await askUntouched(method, path, { as, ...(form && { form }) }, ['api-key'])
      expect(answer.status).toBe(403)
    }
  })
})
