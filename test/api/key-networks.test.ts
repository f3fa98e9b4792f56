import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { askAt, PUBLIC } from '../lib/deployment.ts'
import { readLog, soundLog } from '../lib/log.ts'

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
})

const bound = async (...allowedNetworks: string[]) => {
  const { body } = await ask('POST', '/v1/api-keys', { as: ada, body: { name: 'ci', scope: 'write', allowedNetworks } })
  return body as { token: string; id: string; allowedNetworks: string[] }
}

/** A request to a deployment; the platform says where it came from, others may say what they like. */
async function from(token: string, headers: Record<string, string>, method = 'GET') {
  const response = await askAt(`${PUBLIC}/v1/monitors`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body: JSON.stringify(MONITOR) }),
  })
  return { status: response.status, body: (await response.json()) as { code?: string; detail?: string } }
}
const at = async (token: string, address: string) => (await from(token, { 'cf-connecting-ip': address })).status

const WORDS = 'This API key may not be used from the address that this request came from.'

describe('a key that is bound to networks', () => {
  test.each([
    ['203.0.113.0/24', ['203.0.113.0', '203.0.113.255', '::ffff:203.0.113.9'], ['203.0.112.255', '203.0.114.0', '::']],
    ['203.0.113.7', ['203.0.113.7'], ['203.0.113.6', '203.0.113.8', '203.0.113.70']],
    ['128.0.0.0/1', ['128.0.0.0', '255.255.255.255'], ['127.255.255.255', '8000::']],
    ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255'], ['::1', '2001:db8::1']],
    ['2001:db8::/32', ['2001:db8::', '2001:DB8:ffff::1'], ['2001:db9::', '203.0.113.1']],
    ['2001:db8::1', ['2001:db8::1', '2001:db8:0:0:0:0:0:1'], ['2001:db8::2']],
    ['2001:db8:0:8000::/49', ['2001:db8:0:8000::', '2001:db8:0:ffff::1'], ['2001:db8:0:7fff::', '2001:db8:1:8000::']],
    ['::/0', ['::1', '2001:db8::1'], ['203.0.113.1']],
    ['::ffff:203.0.113.7', ['203.0.113.7', '::ffff:203.0.113.7'], ['203.0.113.8']],
  ])('%s works from there and from nowhere else', async (network, inside, outside) => {
    const { token } = await bound(network)
    for (const address of inside) expect([address, await at(token, address)]).toEqual([address, 200])
    for (const address of outside) expect([address, await at(token, address)]).toEqual([address, 403])
  })

  test('works from each of its networks, for reads and for changes', async () => {
    const { token } = await bound('203.0.113.0/24', '2001:db8::/32')
    for (const address of ['203.0.113.9', '2001:db8::9']) {
      const headers = { 'cf-connecting-ip': address }
      expect([(await from(token, headers)).status, (await from(token, headers, 'POST')).status]).toEqual([200, 201])
    }
  })

  test('is refused elsewhere with one clear sentence, nothing is changed, and no use of it is noted', async () => {
    const { token, id } = await bound('203.0.113.0/24')
    const entries = (await readLog(ada.workspaceId)).length
    for (const method of ['GET', 'POST']) {
      const { status, body } = await from(token, { 'cf-connecting-ip': '198.51.100.1' }, method)
      expect([status, body.code, body.detail]).toEqual([403, 'forbidden', WORDS])
    }
    expect((await ask('GET', '/v1/monitors', { as: ada })).body.data).toEqual([])
    expect(await readLog(ada.workspaceId)).toHaveLength(entries)
    const [listed] = (await ask('GET', '/v1/api-keys', { as: ada })).body.data
    expect(listed).toMatchObject({ id, lastUsedOn: null })
  })

  test.each([
    ['x-forwarded-for', '203.0.113.9'],
    ['x-real-ip', '203.0.113.9'],
    ['forwarded', 'for=203.0.113.9'],
    ['true-client-ip', '203.0.113.9'],
    ['x-client-ip', '203.0.113.9'],
    ['cf-connecting-ipv6', '203.0.113.9'],
    ['cf-pseudo-ipv4', '203.0.113.9'],
  ])('does not believe %s, which anybody can send', async (name, value) => {
    const { token } = await bound('203.0.113.0/24')
    for (const headers of [{ [name]: value }, { [name]: value, 'cf-connecting-ip': '198.51.100.1' }])
      for (const method of ['GET', 'POST']) expect((await from(token, headers, method)).status).toBe(403)
    const inside = { [name]: '198.51.100.1', 'cf-connecting-ip': '203.0.113.9' }
    expect((await from(token, inside)).status).toBe(200)
  })

  test.each([
    '',
    'unknown',
    '203.0.113',
    '203.0.113.9, 198.51.100.1',
    '203.0.113.09',
    '203.0.113.9/24',
    '[2001:db8::1]',
  ])('is refused when the address is %j: not known', async (address) => {
    const { token } = await bound('0.0.0.0/0', '::/0')
    expect(await at(token, address)).toBe(403)
  })

  test('is refused on one machine, where nobody vouches for an address; one that is bound to nothing works', async () => {
    const { token } = await bound('0.0.0.0/0', '::/0')
    const headers = { 'cf-connecting-ip': '203.0.113.9' }
    for (const [method, body] of [['GET'], ['POST', MONITOR]] as const) {
      const answer = await ask(method, '/v1/monitors', { as: token, body, headers })
      expect([answer.status, answer.body.detail]).toEqual([403, WORDS])
    }
    expect((await ask('GET', '/v1/monitors', { as: (await bound()).token })).status).toBe(200)
  })

  test('is refused where changes are made, too, however a request came there', async () => {
    const { id } = await bound('203.0.113.0/24')
    const hash = `${(await rowsOf('api_key')).find((row) => row.id === id)?.hash}`
    const { workspaceId } = ada
    const credential = { type: 'api_key' as const, workspaceId, keyId: id, hash, scope: 'write' as const }
    const change = (address?: string | null) =>
      mutateAs(ada, 'monitor.create', MONITOR, {
        credential: { ...credential, ...(address !== undefined && { address }) },
      })
    expect(await change('203.0.113.9')).toMatchObject({ ok: true })
    for (const address of ['198.51.100.1', null, undefined])
      expect(await change(address)).toMatchObject({ ok: false, code: 'forbidden' })
  })

  test('says nothing of its networks to a key that is not known or revoked', async () => {
    const { token, id } = await bound('203.0.113.0/24')
    await ask('DELETE', `/v1/api-keys/${id}`, { as: ada })
    for (const address of ['203.0.113.9', '198.51.100.1']) expect(await at(token, address)).toBe(401)
  })

  test('costs no round trip more: a read is one to the database, a change two, the next one like it one', async () => {
    const { token } = await bound('203.0.113.0/24')
    const headers = { 'cf-connecting-ip': '203.0.113.9' }
    const batch = vi.spyOn(Object.getPrototypeOf(env.DB), 'batch')
    expect([(await from(token, headers)).status, batch.mock.calls.length]).toEqual([200, 1])
    expect([(await from(token, headers, 'POST')).status, batch.mock.calls.length]).toEqual([201, 3])
    expect([(await from(token, headers, 'POST')).status, batch.mock.calls.length]).toEqual([201, 4])
  })
})

describe('the networks of a key', () => {
  test('are kept as they were typed, but for white space and capitals', async () => {
    const { allowedNetworks } = await bound(' 203.0.113.0/24 ', '2001:DB8::/32')
    expect(allowedNetworks).toEqual(['203.0.113.0/24', '2001:db8::/32'])
  })

  test.each([
    ['example.com', 'is no network'],
    ['', 'is no network'],
    ['203.0.113.0/33', 'is no network'],
    ['203.0.113.0/-1', 'is no network'],
    ['203.0.113.0/', 'is no network'],
    ['203.0.113.0/024', 'is no network'],
    ['203.0.113.0/24/24', 'is no network'],
    ['203.0.113.256', 'is no network'],
    ['2001:db8::/129', 'is no network'],
    ['2001:db8', 'is no network'],
    ['::ffff:203.0.113.0/120', 'is no network'],
    ['203.0.113.5/24', 'is an address inside its network'],
    ['2001:db8::1/32', 'is an address inside its network'],
    ['1'.repeat(65), 'at most 64 characters'],
  ])('are refused when one is %j', async (network, why) => {
    const made = await ask('POST', '/v1/api-keys', { as: ada, body: { name: 'ci', allowedNetworks: ['::1', network] } })
    const [error] = made.body.errors
    expect([made.status, error.field, error.message]).toEqual([422, 'allowedNetworks.1', expect.stringContaining(why)])
  })

  test('are at most twenty', async () => {
    const networks = Array.from({ length: 21 }, (_, i) => `203.0.113.${i}`)
    const ask21 = (allowedNetworks: string[]) =>
      ask('POST', '/v1/api-keys', { as: ada, body: { name: 'ci', allowedNetworks } })
    expect((await ask21(networks)).body.detail).toBe('A key has at most 20 networks.')
    expect((await ask21(networks.slice(1))).status).toBe(201)
  })

  test('are changed by an admin, with the name, from the next request on; what the key may stays', async () => {
    const { token, id } = await newApiKey(ada, 'read')
    const before = (await ask('GET', `/v1/api-keys/${id}`, { as: ada })).body
    const change = (body: object, as: Person | string = ada) => ask('PATCH', `/v1/api-keys/${id}`, { as, body })
    expect(await at(token, '198.51.100.1')).toBe(200)
    const { status, body: after } = await change({ name: 'nightly', allowedNetworks: ['203.0.113.0/24'] })
    expect([status, after]).toEqual([200, { ...before, name: 'nightly', allowedNetworks: ['203.0.113.0/24'] }])
    expect([await at(token, '198.51.100.1'), await at(token, '203.0.113.9')]).toEqual([403, 200])
    const { leaf } = (await soundLog(ada.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({ action: 'api_key.update', before, after, changed: ['allowedNetworks', 'name'] })
    expect((await change({ name: 'weekly' })).body.allowedNetworks).toEqual(['203.0.113.0/24'])
    expect((await change({ allowedNetworks: [] })).body).toMatchObject({ name: 'weekly', allowedNetworks: [] })
    expect(await at(token, '198.51.100.1')).toBe(200)
    for (const field of [{ scope: 'write' }, { expiresAt: null }, { expiresInDays: 700 }, { revokedAt: null }])
      expect((await change(field)).status).toBe(422)
    expect((await change({ name: 'x' }, await newMember(ada, 'member'))).status).toBe(403)
    expect((await change({ allowedNetworks: [] }, (await newApiKey(ada)).token)).status).toBe(403)
  })

  test('are set and changed on the pages, one a line, and what was typed stays when it is wrong', async () => {
    const typed = { name: 'ci', scope: 'read', expiresInDays: '30', allowedNetworks: '203.0.113.0/24\r\nnonsense' }
    const refused = await ask('POST', '/api-keys', { as: ada, form: typed })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('<a href="#f-allowedNetworks">&quot;nonsense&quot; is no network')
    expect(refused.text).toMatch(/<textarea[^>]*>203\.0\.113\.0\/24\r\nnonsense<\/textarea>/)
    const made = { ...typed, allowedNetworks: '203.0.113.0/24\r\n\r\n2001:db8::/32' }
    expect((await ask('POST', '/api-keys', { as: ada, form: made })).status).toBe(201)
    const [key] = (await ask('GET', '/v1/api-keys', { as: ada })).body.data
    expect(key.allowedNetworks).toEqual(['203.0.113.0/24', '2001:db8::/32'])
    expect((await ask('GET', '/api-keys', { as: ada })).text).toContain('203.0.113.0/24, 2001:db8::/32')
    const edit = await ask('GET', `/api-keys/${key.id}/edit`, { as: ada })
    expect(edit.text).toMatch(/<textarea[^>]*>203\.0\.113\.0\/24\n2001:db8::\/32<\/textarea>/)
    expect(edit.text).toContain('a key with a network is refused everywhere')
    const changed = await ask('POST', `/api-keys/${key.id}`, { as: ada, form: { name: 'ci', allowedNetworks: '::1' } })
    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/api-keys'])
    expect((await ask('GET', `/v1/api-keys/${key.id}`, { as: ada })).body.allowedNetworks).toEqual(['::1'])
    const wrong = await ask('POST', `/api-keys/${key.id}`, { as: ada, form: { name: '', allowedNetworks: '::1/x' } })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('The name is missing.')])
    expect(wrong.text).toMatch(/<textarea[^>]*>::1\/x<\/textarea>/)
  })
})
