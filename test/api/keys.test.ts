import { env } from 'cloudflare:workers'
import { encodeHexLowerCase } from '@oslojs/encoding'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { dump, pastTheGates, statement } from '../lib/database.ts'
import { DASHBOARD_ROUTES, pathTo, READS } from '../lib/routes.ts'
import { untouchable } from '../lib/untouchable.ts'

const DAY_MS = 86_400_000

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
})
afterEach(() => {
  vi.useRealTimers()
})

const at = (time: number) => vi.useFakeTimers({ toFake: ['Date'], now: time })
const listed = async (id: string) =>
  (await ask('GET', '/v1/api-keys', { as: ada })).body.data.find((key: { id: string }) => key.id === id)

describe('making a key', () => {
  test('tells the token once, with what the key is', async () => {
    const body = { name: 'ci', scope: 'write', expiresInDays: 30 }
    const made = await ask('POST', '/v1/api-keys', { as: ada, body })
    expect(made.status).toBe(201)
    const { token, ...key } = made.body
    expect(key).toEqual({
      id: expect.stringMatching(/^key_[0-9A-Za-z]{11}$/),
      name: 'ci',
      scope: 'write',
      createdBy: ada.userId,
      handedTo: null,
      createdAt: expect.any(String),
      expiresAt: new Date(Date.parse(key.createdAt) + 30 * DAY_MS).toISOString(),
      revokedAt: null,
      remindedAt: null,
      expiredAt: null,
      rolledFrom: null,
      rolledTo: null,
      allowedNetworks: [],
      leak: null,
    })
    expect((await ask('GET', `/v1/api-keys/${key.id}`, { as: token })).body).toEqual(key)
    expect(await listed(key.id)).toMatchObject(key)
  })

  test('preselects reading and ninety days', async () => {
    const { body } = await ask('POST', '/v1/api-keys', { as: ada, body: { name: 'grafana' } })
    expect(body.scope).toBe('read')
    expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(90 * DAY_MS)
  })

  test('is for people: no key can make, revoke or outlive a key', async () => {
    const { token, id } = await newApiKey(ada, 'write')
    const made = await ask('POST', '/v1/api-keys', { as: token, body: { name: 'another', scope: 'read' } })
    const revoked = await ask('DELETE', `/v1/api-keys/${id}`, { as: token })
    expect([made.status, revoked.status]).toEqual([403, 403])
    const { body } = await ask('GET', '/v1/api-keys', { as: ada })
    expect(body.data.map((key: { id: string; revokedAt: unknown }) => [key.id, key.revokedAt])).toEqual([[id, null]])
  })
})

test('the token and its hash are in no answer, page, audit entry or row after the one that told it', async () => {
  const { token, id } = await newApiKey(ada, 'write')
  const form = { name: 'from the form', scope: 'read', expiresInDays: 'never' }
  const page = await ask('POST', '/api-keys', { as: ada, form })
  const [shown = ''] = /cdr_ro_[0-9A-Za-z]{80}/.exec(page.text) ?? []
  expect([page.status, shown.length]).toEqual([201, 87])
  await ask('POST', '/v1/monitors', { as: token, body: MONITOR })

  const paths = [
    ...READS.map(({ path }) => path),
    ...DASHBOARD_ROUTES.flatMap(({ method, path }) => (method === 'GET' ? path : [])),
  ]
  const answers = await Promise.all(paths.map((path) => ask('GET', pathTo(path, id), { as: ada })))
  const texts = answers.map(({ text, headers }) => text + JSON.stringify([...headers]))
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(12)
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const rows = await dump()
  for (const secret of [token, shown]) {
    const hash = encodeHexLowerCase(await digest(secret))
    for (const text of texts) {
      expect(text).not.toContain(secret.slice(7, 40))
      expect(text).not.toContain(hash)
    }
    expect(rows).not.toContain(secret.slice(7, 40))
    expect(rows.split(hash)).toHaveLength(2)
  }
})

describe('a key that ends', () => {
  test('works until its last second and is refused from then on, before anything is looked up', async () => {
    const { token, id } = await newApiKey(ada, 'write', 1)
    const end = Math.floor(Date.parse((await listed(id)).expiresAt) / 1000) * 1000
    at(end - 1)
    expect((await ask('GET', '/v1/workspace', { as: token })).status).toBe(200)
    for (const time of [end, end + 1, end + 365 * DAY_MS]) {
      at(time)
      const { env: broken, touches } = untouchable()
      const reading = await ask('GET', '/v1/workspace', { as: token, env: broken })
      const writing = await ask('POST', '/v1/monitors', { as: token, body: MONITOR, env: broken })
      expect([reading.status, writing.status, touches]).toEqual([401, 401, []])
      expect(reading.body.detail).toBe('This API key has expired. Make a new one in the dashboard.')
    }
  })

  test('is refused when only the database says that it has ended', async () => {
    const { token, id } = await newApiKey(ada, 'write', null)
    const request = () => ask('GET', '/v1/workspace', { as: token })
    expect((await request()).status).toBe(200)
    await pastTheGates([statement('UPDATE api_key SET expires_at = ? WHERE id = ?', Date.now() - 1, id)])
    expect((await request()).status).toBe(401)
    await pastTheGates([statement('UPDATE api_key SET expires_at = ? WHERE id = ?', Date.now() + 60_000, id)])
    expect((await request()).status).toBe(200)
  })
})

test('a key that was made to last for ever works after twenty years', async () => {
  const { token, id } = await newApiKey(ada, 'write', null)
  expect((await listed(id)).expiresAt).toBeNull()
  at(Date.now() + 20 * 365 * DAY_MS)
  expect((await ask('GET', '/v1/workspace', { as: token })).status).toBe(200)
})

describe('a revoked key', () => {
  const askMixed = (token: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        i % 2 === 0
          ? ask('GET', '/v1/monitors', { as: token })
          : ask('POST', '/v1/monitors', { as: token, body: MONITOR }),
      ),
    )

  test('is refused by the next request, and by a hundred at once', async () => {
    const { token, id } = await newApiKey(ada, 'write')
    expect((await ask('GET', '/v1/monitors', { as: token })).status).toBe(200)
    const revoked = await ask('DELETE', `/v1/api-keys/${id}`, { as: ada })
    expect([revoked.status, revoked.body.revokedAt]).toEqual([200, expect.any(String)])
    const answers = await askMixed(token, 100)
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(401))
    expect((await ask('GET', '/v1/monitors', { as: ada })).body.data).toEqual([])
    const again = await ask('DELETE', `/v1/api-keys/${id}`, { as: ada })
    expect([again.status, again.body.code]).toEqual([409, 'conflict'])
    expect((await listed(id)).revokedAt).toBe(revoked.body.revokedAt)
  })

  test('makes no change that comes after its revocation in the log, however many are under way', async () => {
    const { token, id } = await newApiKey(ada, 'write')
    const change = () => ask('POST', '/v1/monitors', { as: token, body: MONITOR })
    const before = Array.from({ length: 20 }, change)
    const revoke = ask('DELETE', `/v1/api-keys/${id}`, { as: ada })
    const after = Array.from({ length: 20 }, change)
    expect((await revoke).status).toBe(200)
    const statuses = (await Promise.all([...before, ...after])).map(({ status }) => status)
    expect(statuses.filter((status) => status !== 201 && status !== 401)).toEqual([])
    const { results } = await env.DB.prepare(
      'SELECT action, actor_id AS actor FROM audit_body WHERE log_id = ? ORDER BY seq',
    )
      .bind(ada.workspaceId)
      .all<{ action: string; actor: string }>()
    const end = results.findIndex(({ action }) => action === 'api_key.revoke')
    expect(results.slice(end + 1).filter(({ actor }) => actor === id)).toEqual([])
    expect(results.filter(({ actor }) => actor === id)).toHaveLength(statuses.filter((status) => status === 201).length)
  })

  test('is the only one that stops, and stays in the list', async () => {
    const [first, second] = [await newApiKey(ada, 'read'), await newApiKey(ada, 'read')]
    await ask('DELETE', `/v1/api-keys/${first.id}`, { as: ada })
    expect((await ask('GET', '/v1/workspace', { as: second.token })).status).toBe(200)
    const { body } = await ask('GET', '/v1/api-keys', { as: ada })
    expect(body.data.map((key: { id: string }) => key.id).toSorted()).toEqual([first.id, second.id].toSorted())
  })
})

test('a key is listed with the day on which it was last used, which a refused request does not move', async () => {
  const noon = Date.parse('2027-03-01T12:00:00Z')
  at(noon)
  ada = await newPerson()
  const { token, id } = await newApiKey(ada, 'read', null)
  await ask('POST', '/v1/monitors', { as: token, body: MONITOR })
  expect((await listed(id)).lastUsedOn).toBeNull()
  await ask('GET', '/v1/monitors', { as: token })
  expect((await listed(id)).lastUsedOn).toBe('2027-03-01')
  at(noon + DAY_MS)
  await ask('GET', '/v1/monitors?limit=0', { as: token })
  expect((await listed(id)).lastUsedOn).toBe('2027-03-01')
  await ask('GET', '/v1/monitors', { as: token })
  expect((await listed(id)).lastUsedOn).toBe('2027-03-02')
  at(noon)
  await ask('GET', '/v1/monitors', { as: token })
  expect((await listed(id)).lastUsedOn).toBe('2027-03-02')
})

test('a change notes the use of its key too, and the key is the actor in the audit log', async () => {
  const { token, id } = await newApiKey(ada, 'write')
  const made = await ask('POST', '/v1/monitors', { as: token, body: MONITOR })
  expect((await listed(id)).lastUsedOn).toBe(new Date().toISOString().slice(0, 10))
  const { body } = await ask('GET', `/v1/audit-logs?actor=${id}`, { as: ada })
  expect(body.data).toMatchObject([
    {
      action: 'monitor.create',
      actor: { type: 'api_key', id },
      user: ada.userId,
      surface: 'api',
      auth: 'api_key',
      entity: { type: 'monitor', id: made.body.id },
    },
  ])
})

test('a key sees and changes its own workspace only', async () => {
  const bob = await newPerson('Bob')
  const keys = { ada: await newApiKey(ada), bob: await newApiKey(bob) }
  const { body: monitor } = await ask('POST', '/v1/monitors', { as: keys.ada.token, body: MONITOR })
  expect((await ask('GET', '/v1/workspace', { as: keys.bob.token })).body.id).toBe(bob.workspaceId)
  expect((await ask('GET', '/v1/monitors', { as: keys.bob.token })).body.data).toEqual([])
  for (const [method, path] of [
    ['GET', `/v1/monitors/${monitor.id}`],
    ['DELETE', `/v1/monitors/${monitor.id}`],
    ['GET', `/v1/api-keys/${keys.ada.id}`],
  ] as const)
    expect((await ask(method, path, { as: keys.bob.token })).status).toBe(404)
  expect((await ask('GET', `/v1/monitors/${monitor.id}`, { as: keys.ada.token })).status).toBe(200)
})
