import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { newMember, setPlan } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { readLog, soundLog } from '../lib/log.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
})
afterEach(() => {
  vi.useRealTimers()
})

const at = (time: number) => vi.useFakeTimers({ toFake: ['Date'], now: time })
const roll = (id: string, overlapHours?: number, as: Person | string = ada, headers = {}) =>
  ask('POST', `/v1/api-keys/${id}/roll`, { as, body: { ...(overlapHours !== undefined && { overlapHours }) }, headers })
const listed = async () =>
  (await ask('GET', '/v1/api-keys?limit=100', { as: ada })).body.data as Record<string, unknown>[]
const keyOf = async (id: string) => (await ask('GET', `/v1/api-keys/${id}`, { as: ada })).body

/** What a key is told that reads, and one that changes something. */
const both = async (token: string) => {
  const read = await ask('GET', '/v1/monitors', { as: token })
  const change = await ask('POST', '/v1/monitors', { as: token, body: MONITOR })
  return [read.status, change.status]
}

/** A hundred requests at once, half of them changes. */
const hundred = async (token: string) => {
  const one = (i: number) =>
    i % 2 === 0 ? ask('GET', '/v1/monitors', { as: token }) : ask('POST', '/v1/monitors', { as: token, body: MONITOR })
  return (await Promise.all(Array.from({ length: 100 }, (_, i) => one(i)))).map(({ status }) => status)
}
const REFUSED = Array(100).fill(401)

describe('rolling a key', () => {
  test('makes another one of the same name, scope, networks and person, and both are listed and linked', async () => {
    const body = { name: 'ci', scope: 'read', expiresInDays: 30, allowedNetworks: ['203.0.113.0/24'] }
    const old = (await ask('POST', '/v1/api-keys', { as: ada, body })).body
    const { status, body: answer } = await roll(old.id, 1)
    expect(status).toBe(200)
    const { token, replacement, ...after } = answer
    expect(token).toMatch(/^cdr_ro_[0-9A-Za-z]{80}$/)
    expect(replacement).toEqual({
      ...{ id: expect.stringMatching(/^key_/), name: 'ci', scope: 'read', allowedNetworks: ['203.0.113.0/24'] },
      ...{ createdBy: ada.userId, handedTo: null, rolledFrom: old.id, rolledTo: null },
      ...{ createdAt: expect.any(String), revokedAt: null, remindedAt: null, expiredAt: null, leak: null },
      expiresAt: new Date(Date.parse(replacement.createdAt) + 30 * DAY_MS).toISOString(),
    })
    const end = new Date(Date.parse(replacement.createdAt) + HOUR_MS).toISOString()
    const { token: _, ...before } = old
    expect(after).toEqual({ ...before, rolledTo: replacement.id, expiresAt: end })
    expect([await keyOf(old.id), await keyOf(replacement.id)]).toEqual([after, replacement])
    const ids = (await listed()).map(({ id, rolledFrom, rolledTo }) => [id, rolledFrom, rolledTo])
    expect(ids).toEqual(
      expect.arrayContaining([
        [old.id, null, replacement.id],
        [replacement.id, old.id, null],
      ]),
    )
  })

  test('is one entry, which says the old key before and after, and the new one without its token', async () => {
    const old = await newApiKey(ada)
    const before = await keyOf(old.id)
    const { body, headers } = await roll(old.id, 24)
    const { token, ...after } = body
    const { leaf } = (await soundLog(ada.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({
      action: 'api_key.roll',
      actor: { type: 'user', id: ada.userId },
      surface: 'api',
      auth: 'session',
      requestId: headers.get('x-request-id'),
      entity: { type: 'api_key', id: old.id },
      before,
      after,
      changed: ['expiresAt', 'replacement', 'rolledTo'],
      outcome: 'ok',
    })
    expect(JSON.stringify(leaf)).not.toContain(token.slice(7, 40))
  })

  test('asked for again under the same Idempotency-Key makes no third key and tells no token', async () => {
    const old = await newApiKey(ada)
    const headers = { 'idempotency-key': newId('request') }
    const [first, again] = [await roll(old.id, 24, ada, headers), await roll(old.id, 24, ada, headers)]
    const { token, ...rest } = first.body
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, rest, 'true'])
    expect(await listed()).toHaveLength(2)
    expect((await roll(old.id, 1, ada, headers)).body.code).toBe('idempotency_mismatch')
    expect(await both(token)).toEqual([200, 201])
  })

  test('asked for twice at the same time makes one key', async () => {
    const old = await newApiKey(ada)
    const answers = await Promise.all(Array.from({ length: 5 }, () => roll(old.id, 24)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409])
    expect(await listed()).toHaveLength(2)
  })

  test('keeps a key that never ends, and its person when somebody else rolls it', async () => {
    const grace = await newMember(ada, 'admin')
    const old = await newApiKey(ada, 'write', null)
    const { body } = await roll(old.id, 0, grace)
    expect(body.replacement).toMatchObject({ expiresAt: null, createdBy: grace.userId, handedTo: ada.userId })
    await ask('POST', '/v1/monitors', { as: body.token, body: MONITOR })
    const { leaf } = (await readLog(ada.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({ actor: { type: 'api_key', id: body.replacement.id }, user: ada.userId })
  })

  test('gives nobody more than they may: of a key of a viewer comes a key that changes nothing', async () => {
    const grace = await newMember(ada, 'admin')
    const old = await newApiKey(grace)
    await ask('PATCH', `/v1/members/${grace.userId}`, { as: ada, body: { role: 'viewer' } })
    const { body } = await roll(old.id, 24)
    expect([await both(old.token), await both(body.token)]).toEqual([
      [200, 403],
      [200, 403],
    ])
  })

  test('needs no room in the plan, and the old key takes none beside the new one', async () => {
    await setPlan(ada, 'free')
    const keys = [await newApiKey(ada), await newApiKey(ada), await newApiKey(ada)]
    expect((await roll(keys[0]?.id ?? '', 72)).status).toBe(200)
    const more = () => ask('POST', '/v1/api-keys', { as: ada, body: { name: 'one more' } })
    expect((await more()).body.code).toBe('limit_reached')
    expect((await ask('GET', '/api-keys', { as: ada })).text).toContain('3 of 3 API keys')
    await ask('DELETE', `/v1/api-keys/${keys[1]?.id}`, { as: ada })
    expect((await more()).status).toBe(201)
  })

  test.each([5, -1, 1.5, '24', null])('refuses an overlap of %j hours', async (overlapHours) => {
    const old = await newApiKey(ada)
    const { status, body } = await ask('POST', `/v1/api-keys/${old.id}/roll`, { as: ada, body: { overlapHours } })
    expect([status, body.detail]).toEqual([422, 'The overlap is 0, 1, 24, 72 hours.'])
    expect(await listed()).toHaveLength(1)
  })
})

describe('after a roll', () => {
  test.each([1, 24, 72])(
    'both keys work for %i hours, and then the old one is refused by all requests',
    async (hours) => {
      const old = await newApiKey(ada, 'write', 365)
      const { body } = await roll(old.id, hours)
      const end = Date.parse(body.expiresAt)
      expect(end - Date.parse(body.replacement.createdAt)).toBe(hours * HOUR_MS)
      at(end - 1)
      expect([await both(old.token), await both(body.token)]).toEqual([
        [200, 201],
        [200, 201],
      ])
      at(end)
      expect(await hundred(old.token)).toEqual(REFUSED)
      expect(await both(body.token)).toEqual([200, 201])
    },
  )

  test('without an overlap the old key is refused by all requests after the answer, whatever a clock says', async () => {
    const old = await newApiKey(ada)
    const { body } = await roll(old.id, 0)
    expect(body.revokedAt).toBe(body.replacement.createdAt)
    at(Date.now() - HOUR_MS)
    expect(await hundred(old.token)).toEqual(REFUSED)
    vi.useRealTimers()
    expect(await both(body.token)).toEqual([200, 201])
  })

  test('the earlier end is looked for once more where changes are made, however a request came there', async () => {
    const old = await newApiKey(ada)
    const { body } = await roll(old.id, 1)
    const hash = `${(await rowsOf('api_key')).find(({ id }) => id === old.id)?.hash}`
    const { workspaceId } = ada
    const credential = { type: 'api_key' as const, workspaceId, keyId: old.id, hash, scope: 'write' as const }
    const change = () => mutateAs(ada, 'monitor.create', MONITOR, { credential })
    expect(await change()).toMatchObject({ ok: true })
    at(Date.parse(body.expiresAt))
    expect(await change()).toMatchObject({ ok: false, code: 'unauthorized' })
  })

  test('no overlap is longer than what the old key had left', async () => {
    const old = await newApiKey(ada, 'write', 1)
    const { expiresAt } = await keyOf(old.id)
    expect((await roll(old.id, 72)).body.expiresAt).toBe(expiresAt)
  })

  test('each use is of the key that was used, in the log and in the list', async () => {
    const noon = Date.parse('2027-03-01T12:00:00Z')
    at(noon)
    ada = await newPerson()
    const old = await newApiKey(ada)
    const { body } = await roll(old.id, 72)
    await both(old.token)
    at(noon + DAY_MS)
    await both(body.token)
    const days = new Map((await listed()).map(({ id, lastUsedOn }) => [id, lastUsedOn]))
    expect([days.get(old.id), days.get(body.replacement.id)]).toEqual(['2027-03-01', '2027-03-02'])
    const actors = (await readLog(ada.workspaceId))
      .filter(({ leaf }) => leaf.action === 'monitor.create')
      .map(({ leaf }) => leaf.actor.id)
    expect(actors).toEqual([old.id, body.replacement.id])
  })

  test('nobody is reminded of the end of the old key, and it is not marked', async () => {
    const old = await newApiKey(ada)
    await pastTheGates([statement('UPDATE api_key SET created_at = ? WHERE id = ?', Date.now() - 91 * DAY_MS, old.id)])
    const flags = async () => (await listed()).find(({ id }) => id === old.id)?.flags
    expect(await flags()).toEqual(['unused'])
    await roll(old.id, 72)
    expect(await flags()).toEqual([])
  })
})

describe('the page on which a key is rolled', () => {
  test('shows the new key once, with a command that works, and the list then shows both', async () => {
    const old = await newApiKey(ada)
    expect((await ask('GET', '/api-keys', { as: ada })).text).toContain(`href="/api-keys/${old.id}/roll"`)
    const form = await ask('GET', `/api-keys/${old.id}/roll`, { as: ada })
    expect([form.status, form.text]).toEqual([200, expect.stringMatching(/<option value="24" selected/)])
    const shown = await ask('POST', `/api-keys/${old.id}/roll`, { as: ada, form: { overlapHours: '1' } })
    expect(shown.status).toBe(201)
    const [, token = '', path = ''] =
      /curl -H &#39;Authorization: Bearer (cdr_rw_\w{80})&#39; http:\/\/localhost:8787(\S+?)</.exec(shown.text) ?? []
    expect((await ask('GET', path, { as: token })).status).toBe(200)
    const page = (await ask('GET', '/api-keys', { as: ada })).text
    const [fresh] = (await listed()).filter(({ rolledFrom }) => rolledFrom === old.id)
    expect(page).toContain(`rolled from <a href="#${old.id}">`)
    expect(page).toContain(`rolled to <a href="#${fresh?.id}">`)
    expect(page).not.toContain(token.slice(7, 40))
    expect(page).not.toContain(`href="/api-keys/${old.id}/roll"`)
  })

  test('says what is wrong, and makes no key', async () => {
    const old = await newApiKey(ada)
    const wrong = await ask('POST', `/api-keys/${old.id}/roll`, { as: ada, form: { overlapHours: '5' } })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('The overlap is 0, 1, 24, 72 hours.')])
    await roll(old.id, 24)
    const again = await ask('POST', `/api-keys/${old.id}/roll`, { as: ada, form: { overlapHours: '24' } })
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('was rolled already')])
    expect(await listed()).toHaveLength(2)
  })

  test('is offered to admins only', async () => {
    const old = await newApiKey(ada)
    const viewer = await newMember(ada, 'viewer')
    const page = (await ask('GET', '/api-keys', { as: viewer })).text
    expect(page).toContain(old.id)
    expect(page).toContain('An admin can make and change keys.')
    for (const deed of ['roll', 'edit', 'revoke']) expect(page).not.toContain(`/api-keys/${old.id}/${deed}`)
  })
})
