import { beforeEach, describe, expect, test } from 'vitest'
import { INTERVALS, METHODS } from '../../shared/contracts/monitor.ts'
import { newId } from '../../shared/ids.ts'
import { type Answer, ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { newSlug } from '../lib/world.ts'

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const FINGERPRINT = { set: true, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) }
const idOf = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9A-Za-z]{11}$`))

let ada: Person
let key: string

beforeEach(async () => {
  ada = await newPerson()
  key = (await newApiKey(ada)).token
})

const create = (path: string, body: unknown) => ask('POST', path, { as: key, body })
const get = (path: string) => ask('GET', path, { as: key })
const change = (path: string, body: unknown) => ask('PATCH', path, { as: key, body })

function expectGone(answer: Answer) {
  expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([204, '', null])
}

describe('a monitor', () => {
  const DEFAULTS = {
    method: 'GET',
    headers: { set: false },
    body: { set: false },
    intervalSeconds: 60,
    timeoutMs: 10_000,
    degradedAfterMs: null,
    followRedirects: true,
    active: true,
    integrationIds: [],
  }
  const least = { name: 'Shop', kind: 'http', url: 'https://shop.example' }

  test('is made from a name, a kind and an address, with defaults for the rest, and is what the answer says', async () => {
    const { status, body } = await create('/v1/monitors', least)
    expect(status).toBe(201)
    expect(body).toEqual({ id: idOf('mon'), ...least, ...DEFAULTS, createdAt: TIME, updatedAt: body.createdAt })
    expect((await get(`/v1/monitors/${body.id}`)).body).toEqual(body)
    expect((await get('/v1/monitors')).body).toEqual({ data: [body], nextCursor: null })
  })

  test('takes every setting, and shows of headers and body only that they are set', async () => {
    const integrationIds = [await newIntegration(), await newIntegration()].toSorted()
    const settings = {
      name: 'Checkout – „EU“ 🛒',
      url: 'https://shop.example/checkout?a=1#b',
      method: 'POST',
      intervalSeconds: 300,
      timeoutMs: 500,
      degradedAfterMs: 200,
      followRedirects: false,
      active: false,
    }
    const sealed = { headers: [{ key: 'x-shop', value: 'de' }], body: '{"ping":1}' }
    const both = [...integrationIds, ...integrationIds.toReversed()]
    const { status, body } = await create('/v1/monitors', {
      kind: 'http',
      ...settings,
      ...sealed,
      integrationIds: both,
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ ...settings, headers: FINGERPRINT, body: FINGERPRINT, integrationIds })
  })

  test('changes in what is said and stays in everything else', async () => {
    const { body: before } = await create('/v1/monitors', { ...MONITOR, headers: [{ key: 'x-shop', value: 'de' }] })
    const path = `/v1/monitors/${before.id}`
    const steps = [
      { name: 'Renamed' },
      { url: 'https://other.example/', method: 'HEAD' },
      { intervalSeconds: 3600, timeoutMs: 60_000, degradedAfterMs: 1, followRedirects: false },
      { degradedAfterMs: null, integrationIds: [await newIntegration()] },
      { integrationIds: [] },
    ]
    let expected = before
    for (const step of steps) {
      const { status, body } = await change(path, step)
      expected = { ...expected, ...step, updatedAt: TIME }
      expect([status, body]).toEqual([200, expected])
      expect((await get(path)).body).toEqual(body)
    }
    const replaced = await change(path, { headers: [{ key: 'x-shop', value: 'fr' }], body: 'text' })
    expect(replaced.body.headers).toEqual(FINGERPRINT)
    expect(replaced.body.headers.fingerprint).not.toBe(before.headers.fingerprint)
    const removed = await change(path, { headers: [], body: null })
    expect(removed.body).toMatchObject({ headers: { set: false }, body: { set: false } })
  })

  test('takes each method and interval that there is', async () => {
    for (const method of METHODS)
      expect((await create('/v1/monitors', { ...MONITOR, method })).body.method).toBe(method)
    for (const intervalSeconds of INTERVALS)
      expect((await create('/v1/monitors', { ...MONITOR, intervalSeconds })).body).toMatchObject({ intervalSeconds })
  })

  test('goes for good, from status pages too', async () => {
    const { id } = (await create('/v1/monitors', MONITOR)).body
    const page = (await create('/v1/status-pages', { title: 'Shop', slug: newSlug(), monitorIds: [id] })).body
    expectGone(await ask('DELETE', `/v1/monitors/${id}`, { as: key }))
    for (const method of ['GET', 'DELETE'])
      expect((await ask(method, `/v1/monitors/${id}`, { as: key })).status).toBe(404)
    expect((await get(`/v1/status-pages/${page.id}`)).body.monitorIds).toEqual([])
  })

  test('pauses, resumes and is checked, and refuses what it is already', async () => {
    const { id } = (await create('/v1/monitors', MONITOR)).body
    const act = async (verb: string) => {
      const { status, body } = await ask('POST', `/v1/monitors/${id}/${verb}`, { as: key })
      return status === 200 ? body.active : [status, body.code, body.detail]
    }
    expect(await act('pause')).toEqual([409, 'conflict', 'This monitor is paused already.'])
    expect(await act('check')).toEqual([409, 'conflict', 'This monitor is paused. Resume it first.'])
    expect(await act('resume')).toBe(true)
    expect(await act('resume')).toEqual([409, 'conflict', 'This monitor is running already.'])
    expect(await act('check')).toBe(true)
    expect(await act('pause')).toBe(false)
    expect((await get(`/v1/monitors/${id}`)).body.active).toBe(false)
  })
})

const newIntegration = async () =>
  (await create('/v1/integrations', { kind: 'webhook', name: 'Hook', config: { url: 'https://hooks.example' } })).body
    .id

describe('an integration', () => {
  test('is made with a signing secret that is told once, and shows which fields are set', async () => {
    const body = { kind: 'webhook', name: 'On call', config: { url: 'https://hooks.example/candor' } }
    const first = await create('/v1/integrations', body)
    const { signingSecret, ...view } = first.body
    expect(first.status).toBe(201)
    expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const config = { url: FINGERPRINT, secret: FINGERPRINT }
    expect(view).toEqual({ ...body, id: idOf('int'), config, createdAt: TIME, updatedAt: view.createdAt })
    expect((await get(`/v1/integrations/${view.id}`)).body).toEqual(view)
    expect((await get('/v1/integrations')).body).toEqual({ data: [view], nextCursor: null })
    const second = await create('/v1/integrations', { ...body, config: { ...body.config, secret: signingSecret } })
    expect([second.status, second.body.signingSecret]).toEqual([201, undefined])
    expect(second.body.config).toEqual(view.config)
  })

  test('keeps the fields of its config that a change leaves out', async () => {
    const path = `/v1/integrations/${await newIntegration()}`
    const { config } = (await get(path)).body
    const renamed = await change(path, { name: 'Renamed' })
    expect([renamed.body.name, renamed.body.config]).toEqual(['Renamed', config])
    const moved = await change(path, { config: { url: 'https://hooks.example/new' } })
    expect(moved.body.config).toEqual({ url: FINGERPRINT, secret: config.secret })
    expect(moved.body.config.url).not.toEqual(config.url)
  })

  test('takes no signing secret that could not sign', async () => {
    const id = await newIntegration()
    const size = (length: number) => btoa('x'.repeat(length))
    const wrong = [
      '',
      'short',
      size(23),
      size(65),
      size(32).slice(0, 33),
      `${size(32).slice(0, -1)}==`,
      `${size(24)}=`,
      `${size(25).slice(0, -3)}R`,
    ]
    for (const secret of wrong) {
      const config = { url: 'https://hooks.example', secret }
      const answers = [
        await create('/v1/integrations', { kind: 'webhook', name: 'Hook', config }),
        await change(`/v1/integrations/${id}`, { config: { secret } }),
      ]
      for (const { status, body, text } of answers) {
        expect([secret, status, body.errors?.[0].field]).toEqual([secret, 422, 'config.secret'])
        if (secret) expect(text).not.toContain(secret)
      }
    }
    for (const secret of [size(24), size(64), size(25).replaceAll('=', ''), `whsec_${size(32)}`])
      expect((await change(`/v1/integrations/${id}`, { config: { secret } })).status).toBe(200)
  })

  test('of a kind that there is not is refused, with those that there are', async () => {
    for (const kind of ['fax', '', '__proto__', 'constructor']) {
      const { status, body } = await create('/v1/integrations', { kind, name: 'Hook', config: {} })
      expect([status, body.errors[0].field]).toEqual([422, 'kind'])
      expect(body.detail).toContain('There is: webhook.')
    }
  })

  test('goes for good, and monitors tell it no more; a test is sent while it is there', async () => {
    const id = await newIntegration()
    const monitor = (await create('/v1/monitors', { ...MONITOR, integrationIds: [id] })).body
    const tested = await ask('POST', `/v1/integrations/${id}/test`, { as: key })
    expect([tested.status, tested.body.id]).toEqual([200, id])
    expectGone(await ask('DELETE', `/v1/integrations/${id}`, { as: key }))
    expect((await get(`/v1/monitors/${monitor.id}`)).body.integrationIds).toEqual([])
    expect((await ask('POST', `/v1/integrations/${id}/test`, { as: key })).status).toBe(404)
  })

  test('that nobody has cannot be told by a monitor', async () => {
    const never = newId('integration')
    const { id } = (await create('/v1/monitors', MONITOR)).body
    for (const { status, body } of [
      await create('/v1/monitors', { ...MONITOR, integrationIds: [never] }),
      await change(`/v1/monitors/${id}`, { integrationIds: [await newIntegration(), never] }),
    ])
      expect([status, body.errors]).toEqual([
        422,
        [{ field: 'integrationIds', message: `There is no integration ${never} in this workspace.` }],
      ])
    expect((await get(`/v1/monitors/${id}`)).body.integrationIds).toEqual([])
  })
})
