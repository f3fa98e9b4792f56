import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, MONITOR, newApiKey, newPerson, ORIGIN, type Person } from '../lib/candor.ts'
import { CHANGES, DASHBOARD_ROUTES, pathTo } from '../lib/routes.ts'
import { made } from '../lib/world.ts'

const ORIGINS: [what: string, origin: string | undefined][] = [
  ['of our own', ORIGIN],
  ['that is null', 'null'],
  ['on another port', 'http://localhost:8788'],
  ['without our port', 'http://localhost'],
  ['of another scheme', 'https://localhost:8787'],
  ['of a sub-domain', 'http://evil.localhost:8787'],
  ['of a name that begins like ours', 'http://localhost:8787.evil.example'],
  ['with user info', 'http://localhost:8787@evil.example'],
  ['of somebody else', 'https://evil.example'],
  ['that is absent', undefined],
]
const SITES = ['same-origin', 'same-site', 'cross-site', 'none', undefined]
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  '',
]

/** Fetch Metadata decides; without it Origin does. */
const isOurs = (site: string | undefined, origin: string | undefined) =>
  site === undefined ? origin === ORIGIN : site === 'same-origin'

let ada: Person
let monitorId: string

beforeAll(async () => {
  ada = await newPerson()
  monitorId = await made(ada, 'monitor.create', MONITOR)
})

const headersOf = (fields: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined))

const nameNow = async () => (await ask('GET', '/v1/workspace', { as: ada })).body.name

/** Sends what a browser would that has Ada's cookie, whichever page made it do so. */
function send(method: string, path: string, from: { site?: string; origin?: string; type?: string }, body?: string) {
  const headers = headersOf({
    cookie: ada.cookie,
    'sec-fetch-site': from.site,
    origin: from.origin,
    'content-type': from.type,
  })
  return ask(method, path, { headers, ...(body !== undefined && { body }) })
}

describe.each(ORIGINS)('a request with the session cookie and an origin %s', (_what, origin) => {
  test.each(SITES)('and Sec-Fetch-Site: %s is carried out only when it is from our own pages', async (site) => {
    const name = `Name ${crypto.randomUUID()}`
    const before = await nameNow()
    for (const type of TYPES) {
      const from = { site, origin, type }
      const json = await send('PATCH', '/v1/workspace', from, JSON.stringify({ name }))
      const form = await send('POST', '/settings', from, new URLSearchParams({ name }).toString())
      const empty = await send('POST', `/v1/monitors/${monitorId}/pause`, from)
      const statuses = [json.status, form.status, empty.status]
      if (!isOurs(site, origin)) expect(statuses).toEqual([403, 403, 403])
      else if (type === 'application/json') expect(statuses).toEqual([200, 415, 409])
      else if (type === 'application/x-www-form-urlencoded') expect(statuses).toEqual([415, 303, 409])
      else expect(statuses).toEqual([415, 415, 409])
    }
    expect(await nameNow()).toBe(isOurs(site, origin) ? name : before)
  })
})

describe('a page of somebody else', () => {
  const evil = { site: 'cross-site', origin: 'https://evil.example' }

  test.each(CHANGES)('cannot make a browser ask for $route', async ({ method, path }) => {
    const answer = await send(method, pathTo(path, monitorId), { ...evil, type: 'text/plain' }, '{}')
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
    expect(answer.body.detail).toContain('did not come from a page of ours')
  })

  test.each(DASHBOARD_ROUTES.filter(({ method }) => method === 'POST'))(
    'cannot send the form $path',
    async ({ path }) => {
      const type = 'application/x-www-form-urlencoded'
      const answer = await send('POST', pathTo(path, monitorId), { ...evil, type }, 'name=x')
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('did not come from a page of ours')
    },
  )

  test('cannot sign anybody out', async () => {
    expect((await send('POST', '/sign-out', evil)).status).toBe(403)
    expect((await ask('GET', '/v1/workspace', { as: ada })).status).toBe(200)
  })

  test('may link to ours: what only reads is shown', async () => {
    expect((await send('GET', '/monitors', evil)).status).toBe(200)
  })

  test('changes nothing with a method that only reads', async () => {
    const before = await nameNow()
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      for (const { path } of CHANGES) await send(method, pathTo(path, monitorId), evil)
    const { body } = await ask('GET', `/v1/monitors/${monitorId}`, { as: ada })
    expect([body.active, await nameNow()]).toEqual([false, before])
    const { data } = (await ask('GET', '/v1/audit-logs?action=monitor.check', { as: ada })).body
    expect(data).toEqual([])
  })
})

describe('the rule is about the cookie that a browser sends by itself', () => {
  let key: string
  beforeEach(async () => {
    key = (await newApiKey(ada)).token
  })
  const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }

  test('a key works from anywhere', async () => {
    const answer = await ask('PATCH', '/v1/workspace', { as: key, headers: elsewhere, body: { name: 'By key' } })
    expect([answer.status, answer.body.name]).toEqual([200, 'By key'])
  })

  test('a key that comes with a cookie is what counts, and not the cookie', async () => {
    const other = await newPerson('Bob')
    const headers = { ...elsewhere, cookie: other.cookie }
    const answer = await ask('PATCH', '/v1/workspace', { as: key, headers, body: { name: 'By key too' } })
    expect([answer.status, answer.body.id]).toEqual([200, ada.workspaceId])
  })

  test('without any credential the answer is that one is missing, wherever the request is from', async () => {
    const answer = await ask('POST', '/v1/monitors', { headers: elsewhere, body: MONITOR })
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized'])
  })
})

test('no answer lets a page of somebody else read it', async () => {
  const origin = 'https://evil.example'
  const asked = { cookie: ada.cookie, origin, 'access-control-request-method': 'GET' }
  for (const [method, path] of [
    ['GET', '/v1/monitors'],
    ['OPTIONS', '/v1/monitors'],
    ['GET', '/monitors'],
    ['GET', '/'],
  ] as const) {
    const { headers } = await ask(method, path, { headers: asked })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  }
})
