import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Candor,
  makeBrowser,
  newStateDir,
  type Received,
  removeStateDir,
  startCandor,
  startReceiver,
  startTarget,
  until,
} from './harness.ts'

/** The product's whole story, over HTTP, under the start command, with a real target and a real receiver. */
describe('from a first sign-in to an outage, told and recorded', () => {
  const stateDir = newStateDir()
  const signingSecret = `whsec_${randomBytes(32).toString('base64')}`
  let candor: Candor
  let target: Awaited<ReturnType<typeof startTarget>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let browser: ReturnType<typeof makeBrowser>
  let monitorId = ''
  let token = ''

  beforeAll(async () => {
    target = await startTarget()
    receiver = await startReceiver()
    candor = await startCandor({ stateDir, env: { ALLOW_PRIVATE_TARGETS: `${target.host},${receiver.host}` } })
    browser = makeBrowser(candor.url)
  })
  afterAll(async () => {
    await candor?.stop()
    await target?.stop()
    await receiver?.stop()
    removeStateDir(stateDir)
  })

  const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` })
  const api = makeApi()
  function makeApi() {
    return (method: string, path: string, body?: unknown) => makeBrowser(candor.url).ask(method, path, body, bearer())
  }

  test('a person signs in with GitHub and gets a workspace of their own', async () => {
    const landed = await browser.signIn('github', 'ada')
    expect(landed.status).toBe(303)
    expect(landed.headers.get('location')).toBe('/start')
    const { body } = await browser.ask('GET', '/v1/workspace')
    expect(body).toMatchObject({ id: expect.stringMatching(/^ws_/), name: 'My workspace', plan: 'pro' })
  })

  test('somebody whose e-mail is not verified is refused with a sentence', async () => {
    const refused = await makeBrowser(candor.url).signIn('google', 'margaret')
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('has not verified your e-mail address')
  })

  test('the same e-mail at another provider does not open the account', async () => {
    const refused = await makeBrowser(candor.url).signIn('google', 'ada')
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('Sign in with GitHub')
  })

  test('an API key is made in the dashboard session and works', async () => {
    const made = await browser.ask('POST', '/v1/api-keys', { name: 'ci', scope: 'write', expiresInDays: 1 })
    expect(made.status).toBe(201)
    token = made.body.token
    const { status, body } = await api('GET', '/v1/api-keys')
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain(token)
  })

  test('a monitor with a webhook is checked and up', async () => {
    const integration = await api('POST', '/v1/integrations', {
      kind: 'webhook',
      name: 'on call',
      config: { url: receiver.url, secret: signingSecret },
    })
    expect(integration.status).toBe(201)
    const made = await api('POST', '/v1/monitors', {
      name: 'Shop',
      kind: 'http',
      url: target.url,
      intervalSeconds: 30,
      active: true,
      headers: [{ key: 'x-probe-token', value: 'let-me-in' }],
      integrationIds: [integration.body.id],
    })
    expect(made.status).toBe(201)
    monitorId = made.body.id
    await until('the first check', 15_000, async () => target.seen.length > 0)
    expect(target.seen[0]?.headers['x-probe-token']).toBe('let-me-in')
    const page = await api('POST', '/v1/status-pages', { title: 'Shop', slug: 'shop-status', monitorIds: [monitorId] })
    expect(page.status).toBe(201)
    const html = await until('a green page', 15_000, async () => {
      const { text } = await browser.ask('GET', '/s/shop-status')
      return text.includes('<h1>All systems are operational</h1>') && text
    })
    expect(html).not.toContain('<script')
    expect(html).not.toContain('<link rel="stylesheet"')
  })

  const messageOf = (type: string) =>
    until(
      `the message ${type}`,
      90_000,
      async (): Promise<Received | undefined> =>
        receiver.received.find((message) => JSON.parse(message.body).type === type),
    )

  test('an outage opens an incident by itself and sends a signed message', async () => {
    await target.stop()
    const message = await messageOf('incident.opened')
    const verified = new Webhook(signingSecret).verify(message.body, message.headers)
    expect(verified).toMatchObject({ type: 'incident.opened', data: { monitor: { id: monitorId, name: 'Shop' } } })
    const { body } = await api('GET', '/v1/incidents')
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({ monitorId, resolvedAt: null, startedAt: expect.any(String) })
    const { text } = await browser.ask('GET', '/s/shop-status')
    expect(text).toContain('<h1>All systems are down</h1>')
    expect(text).toContain('Ongoing')
  })

  test('recovery resolves the incident and sends a second message', async () => {
    await target.start()
    const message = await messageOf('incident.resolved')
    expect(() => new Webhook(signingSecret).verify(message.body, message.headers)).not.toThrow()
    const { body } = await api('GET', '/v1/incidents')
    expect(body.data[0].resolvedAt).toEqual(expect.any(String))
    const html = await until('a green page', 15_000, async () => {
      const { text } = await browser.ask('GET', '/s/shop-status')
      return text.includes('<h1>All systems are operational</h1>') && text
    })
    expect(html).toContain('Resolved')
    expect(receiver.received).toHaveLength(2)
  })

  test('the audit log has every change, who made it, and no secret', async () => {
    const { status, body, text } = await api('GET', '/v1/audit-logs')
    expect(status).toBe(200)
    const entries = body.data.toReversed()
    expect(entries.map((entry: { action: string }) => entry.action)).toEqual([
      'workspace.create',
      'api_key.create',
      'integration.create',
      'monitor.create',
      'status_page.create',
      'incident.open',
      'incident.resolve',
      'audit_log.read',
    ])
    expect(entries.map((entry: { seq: number }) => entry.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(entries[3]).toMatchObject({
      actor: { type: 'api_key' },
      surface: 'api',
      entity: { type: 'monitor', id: monitorId },
    })
    expect(entries[5]).toMatchObject({ actor: { type: 'system', id: 'monitoring' }, surface: 'system' })
    for (const secret of [token, signingSecret, 'let-me-in', receiver.url]) expect(text).not.toContain(secret)
    const page = await browser.ask('GET', '/audit-logs')
    expect(page.status).toBe(200)
    expect(page.text).toContain('incident.resolve')
    expect(page.text).toContain('Ada Lovelace')
  })

  test('the page of the monitor shows what happened and what was sent', async () => {
    const { status, text } = await browser.ask('GET', `/monitors/${monitorId}`)
    expect(status).toBe(200)
    expect(text).toContain('Delivered: the receiver answered 204.')
    expect(text).toContain('The connection was refused or lost.')
    expect(text).not.toContain('let-me-in')
  })

  test('a read key changes nothing, and a revoked key is refused at once', async () => {
    const made = await browser.ask('POST', '/v1/api-keys', { name: 'reader', scope: 'read', expiresInDays: null })
    const reader = { authorization: `Bearer ${made.body.token}` }
    const other = makeBrowser(candor.url)
    expect((await other.ask('GET', '/v1/monitors', undefined, reader)).status).toBe(200)
    const refused = await other.ask('PATCH', `/v1/monitors/${monitorId}`, { name: 'x' }, reader)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ code: 'forbidden', requestId: expect.stringMatching(/^req_/) })
    expect((await browser.ask('DELETE', `/v1/api-keys/${made.body.id}`)).status).toBe(200)
    expect((await other.ask('GET', '/v1/monitors', undefined, reader)).status).toBe(401)
  })

  test('a deleted monitor is gone from everywhere but the log', async () => {
    expect((await api('DELETE', `/v1/monitors/${monitorId}`)).status).toBe(204)
    expect((await api('GET', `/v1/monitors/${monitorId}`)).status).toBe(404)
    expect((await browser.ask('GET', '/s/shop-status')).text).not.toContain('<h3 class="wrap">Shop</h3>')
    const { body } = await api('GET', `/v1/audit-logs?entity=${monitorId}`)
    expect(body.data[0]).toMatchObject({ action: 'monitor.delete', after: null, before: { name: 'Shop' } })
  })
})
