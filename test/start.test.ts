import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newMember } from './lib/audit.ts'
import { ask, newPerson, type Person } from './lib/candor.ts'
import { newFreePerson } from './lib/plans.ts'
import { messagesSent, newReceiver, probeChanges, probeSays } from './lib/probe.ts'
import { lead, openPage } from './lib/streamed.ts'
import { made, newSlug, newWorld } from './lib/world.ts'
import { countOf, textOf } from './pages/render.ts'

const actionsOf = async (as: Person) =>
  (await ask('GET', '/v1/audit-logs?limit=50', { as })).body.data
    .map(({ action }: { action: string }) => action)
    .filter((action: string) => action !== 'audit_log.read')
    .toReversed()

const first = async (as: Person, list: string) => (await ask('GET', `/v1/${list}`, { as })).body.data[0]

beforeEach(() => probeSays({}))

describe('somebody who has just begun', () => {
  let ada: Person
  beforeAll(async () => {
    ada = await newPerson()
  })

  test('is led to it from a workspace without monitors', async () => {
    expect((await ask('GET', '/monitors', { as: ada })).text).toContain('href="/start"')
  })

  test('gives a URL, and sees its first check as it is made', async () => {
    const form = await ask('GET', '/start?url=https%3A%2F%2Fshop.example%2F', { as: ada })
    expect(textOf(form.text)).toContain('Step 1 of 3')
    expect(form.text).toContain('value="https://shop.example/"')
    expect(form.text).toContain('href="/start/alerts"')
    await probeSays({ hold: true, latencyMs: 21 })
    const page = await openPage(await lead(ada, '/start', { url: 'shop.example' }), { as: ada })
    const begun = await page.until('The check is on its way')
    expect(begun).toContain('Step 1 of 3')
    expect(begun).not.toContain('It answered')
    expect(begun).not.toContain('</table>')
    await probeChanges({ hold: false })
    const whole = await page.rest()
    expect(countOf(whole, /It answered 200\./g)).toBe(1)
    expect(textOf(whole)).toContain('shop.example answered 200 in 21 ms.')
    const { id, ...monitor } = await first(ada, 'monitors')
    expect(monitor).toMatchObject({ name: 'shop.example', url: 'https://shop.example', intervalSeconds: 60 })
    expect(whole).toContain(`href="/start/alerts?monitor=${id}"`)
  })

  test('says who is told, gets the secret once, and sees what came of a test', async () => {
    const monitor = await first(ada, 'monitors')
    const receiver = newReceiver()
    const path = `/start/alerts?monitor=${monitor.id}`
    const form = await ask('GET', path, { as: ada })
    expect(textOf(form.text)).toContain('A webhook gets a signed message when shop.example fails')
    expect(form.text).toContain(`href="/start/status-page?monitor=${monitor.id}"`)
    const created = await ask('POST', path, { as: ada, form: { name: 'On call', 'config.url': receiver } })
    expect(created.status).toBe(201)
    expect(created.text).toMatch(/<pre class="code once">whsec_[\w+/=]+<\/pre>/)
    const { id } = await first(ada, 'integrations')
    expect((await first(ada, 'monitors')).integrationIds).toEqual([id])
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(created.text.split('<main')[1] ?? '') ?? []
    expect(action).toBe(`/start/integrations/${id}/test?monitor=${monitor.id}`)

    await probeSays({ hold: true })
    const page = await openPage(await lead(ada, action, {}), { as: ada })
    expect(await page.until('The message is on its way')).not.toContain('Delivered')
    await probeChanges({ hold: false })
    const whole = await page.rest()
    expect(textOf(whole)).toContain('Delivered: the receiver answered 200.')
    expect(textOf(whole)).toContain('The message was delivered.')
    expect(whole).toContain(`href="/start/status-page?monitor=${monitor.id}"`)
    expect(await messagesSent(receiver)).toHaveLength(1)
  })

  test('publishes a page with the monitor, which anybody can read then', async () => {
    const monitor = await first(ada, 'monitors')
    const form = await ask('GET', `/start/status-page?monitor=${monitor.id}`, { as: ada })
    expect(form.text).toContain('value="shop-example"')
    expect(form.text).toMatch(new RegExp(`<input[^>]*value="${monitor.id}"[^>]*checked`))
    const slug = newSlug()
    const fields = { title: 'Shop', slug, monitorIds: monitor.id }
    const done = await ask('GET', await lead(ada, '/start/status-page', fields), { as: ada })
    expect(done.status).toBe(200)
    expect(done.text).toContain(`href="http://localhost:8787/s/${slug}"`)
    const page = await ask('GET', `/s/${slug}`)
    expect([page.status, textOf(page.text)]).toEqual([200, expect.stringContaining('shop.example')])
  })

  test('has left an entry in the log for each of it, as by any other way', async () => {
    expect(await actionsOf(ada)).toEqual([
      'workspace.create',
      'monitor.create',
      'integration.create',
      'monitor.update',
      'integration.test',
      'status_page.create',
    ])
  })

  test('can leave out each step, and nothing is made', async () => {
    const eve = await newFreePerson()
    let path = '/start'
    const seen: string[] = []
    while (path.startsWith('/start')) {
      const { text, status } = await ask('GET', path, { as: eve })
      expect(status).toBe(200)
      seen.push(/Step \d of 3/.exec(textOf(text))?.[0] ?? '')
      path = /<a class="btn" href="([^"]+)">\s*Skip/.exec(text)?.[1] ?? ''
    }
    expect([seen, path]).toEqual([['Step 1 of 3', 'Step 2 of 3', 'Step 3 of 3'], '/monitors'])
    for (const list of ['monitors', 'integrations', 'status-pages']) expect(await first(eve, list)).toBeUndefined()
  })
})

const HOOK = 'https://hooks.example/many'

describe('a step that is not right', () => {
  test('shows the secret of a webhook all the same when its monitor could not be told of it', async () => {
    const { person, monitorId } = await newWorld('Full')
    const ids: string[] = []
    for (let i = 0; i < 20; i++)
      ids.push(await made(person, 'integration.create', { kind: 'webhook', name: `No. ${i}`, config: { url: HOOK } }))
    await ask('PATCH', `/v1/monitors/${monitorId}`, { as: person, body: { integrationIds: ids } })
    const sent = { name: 'One too many', 'config.url': newReceiver() }
    const { status, text } = await ask('POST', `/start/alerts?monitor=${monitorId}`, { as: person, form: sent })
    expect(status).toBe(201)
    expect(text).toMatch(/<pre class="code once">whsec_[\w+/=]+<\/pre>/)
    expect(textOf(text)).toContain('does not tell it yet: that could not be stored.')
    expect(text).toContain(`href="/monitors/${monitorId}/edit"`)
  })

  let ada: Person
  beforeAll(async () => {
    ada = await newFreePerson()
  })

  const WRONG: [path: string, form: Record<string, string>, field: string, why: string][] = [
    ['/start', { url: '' }, 'url', 'The URL starts with http:// or https://.'],
    ['/start', { url: 'not a url' }, 'url', 'The URL starts with http:// or https://.'],
    ['/start', { url: 'http://10.0.0.1/' }, 'url', 'This address is not on the public internet'],
    ['/start/alerts', { name: 'On call', 'config.url': '' }, 'config-url', ''],
    ['/start/alerts', { name: '', 'config.url': 'https://hooks.example/a' }, 'name', 'The name'],
    ['/start/alerts', { name: 'On call', 'config.url': 'http://localhost/' }, 'config-url', 'This name is not one of'],
    ['/start/status-page', { title: 'Shop', slug: 'x' }, 'slug', 'The address has 3 to 63'],
    ['/start/status-page', { title: '', slug: 'shop-of-ada' }, 'title', 'The title'],
  ]
  test.each(WRONG)('at %s, as in %j, comes back with what was typed', async (path, form, field, why) => {
    const { status, text } = await ask('POST', path, { as: ada, form })
    expect(status).toBe(422)
    expect(text).toContain('<title>Error: ')
    expect(text).toContain(`<a href="#f-${field}">${why}`)
    expect(text).toMatch(new RegExp(`id="f-${field}"[^>]*aria-invalid="true"`))
    for (const value of Object.values(form).filter(Boolean)) expect(text).toContain(`value="${value}"`)
    expect(countOf(text, /<li><a href="#f-/g)).toBe(1)
  })

  test('because an address is taken says so', async () => {
    const { slug } = await newWorld('Grace')
    const { status, text } = await ask('POST', '/start/status-page', { as: ada, form: { title: 'Shop', slug } })
    expect([status, textOf(text)]).toEqual([422, expect.stringContaining('This address is taken. Choose another.')])
  })

  test('because the plan has no room for it offers to go on', async () => {
    const full = await newFreePerson()
    for (let i = 0; i < 2; i++) await made(full, 'status_page.create', { title: 'Page', slug: newSlug() })
    const page = await ask('GET', '/start/status-page', { as: full })
    expect(textOf(page.text)).toContain('There is no room for another one')
    expect(page.text).toMatch(/href="\/monitors">\s*Skip/)
    const form = { title: 'Third', slug: newSlug() }
    const { status, text } = await ask('POST', '/start/status-page', { as: full, form })
    expect([status, textOf(text)]).toEqual([422, expect.stringContaining('The plan Free has 2 status pages.')])
  })

  test('is none of a viewer’s: they are not offered it, and may not do it', async () => {
    const { person, monitorId, integrationId, statusPageId } = await newWorld('Joan')
    const viewer = await newMember(person, 'viewer')
    for (const path of [
      '/start',
      '/start/alerts',
      '/start/status-page',
      `/start/monitors/${monitorId}`,
      `/start/integrations/${integrationId}/test`,
      `/start/status-pages/${statusPageId}`,
    ])
      expect((await ask('GET', path, { as: viewer })).status).toBe(403)
    const sent = { url: 'shop.example' }
    expect((await ask('POST', '/start', { as: viewer, form: sent })).status).toBe(403)
  })
})
