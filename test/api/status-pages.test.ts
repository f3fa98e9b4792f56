import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { made, newSlug } from '../lib/world.ts'

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

let ada: Person
let key: string

beforeEach(async () => {
  ada = await newPerson()
  key = (await newApiKey(ada)).token
})

const create = (body: unknown, as: Person | string = key) => ask('POST', '/v1/status-pages', { as, body })
const change = (id: string, body: unknown) => ask('PATCH', `/v1/status-pages/${id}`, { as: key, body })
const get = (id: string) => ask('GET', `/v1/status-pages/${id}`, { as: key })
const newMonitor = () => made(ada, 'monitor.create', MONITOR)

describe('a status page', () => {
  test('is made, changed and removed, and is what each answer says', async () => {
    const slug = newSlug()
    const { status, body } = await create({ title: 'Shop', slug })
    const page = { id: expect.stringMatching(/^page_[0-9A-Za-z]{11}$/), title: 'Shop', slug, monitorIds: [] }
    expect([status, body]).toEqual([201, { ...page, createdAt: TIME, updatedAt: body.createdAt }])
    expect((await get(body.id)).body).toEqual(body)
    const renamed = await change(body.id, { title: 'Shop and checkout' })
    expect(renamed.body).toEqual({ ...body, title: 'Shop and checkout', updatedAt: TIME })
    const removed = await ask('DELETE', `/v1/status-pages/${body.id}`, { as: key })
    expect([removed.status, removed.text, (await get(body.id)).status]).toEqual([204, '', 404])
  })

  test('shows its monitors in the order that was said, and each once', async () => {
    const ids = [await newMonitor(), await newMonitor(), await newMonitor()]
    const { id, ...page } = (await create({ title: 'Shop', slug: newSlug(), monitorIds: ids })).body
    expect(page.monitorIds).toEqual(ids)
    const turned = ids.toReversed()
    expect((await change(id, { monitorIds: turned })).body.monitorIds).toEqual(turned)
    expect((await change(id, { title: 'Other' })).body.monitorIds).toEqual(turned)
    expect((await get(id)).body.monitorIds).toEqual(turned)
    const twice = await change(id, { monitorIds: [ids[0], ids[0]] })
    expect([twice.status, twice.body.errors[0].message]).toEqual([422, 'A monitor stands on a page once.'])
    expect((await change(id, { monitorIds: [] })).body.monitorIds).toEqual([])
  })

  test('cannot show a monitor that nobody has', async () => {
    const never = newId('monitor')
    const { id } = (await create({ title: 'Shop', slug: newSlug() })).body
    const errors = [{ field: 'monitorIds', message: `There is no monitor ${never} in this workspace.` }]
    for (const { status, body } of [
      await create({ title: 'Shop', slug: newSlug(), monitorIds: [never] }),
      await change(id, { monitorIds: [await newMonitor(), never] }),
    ])
      expect([status, body.errors]).toEqual([422, errors])
  })

  test('has an address that nobody else has, in any workspace, and that is free again when it goes', async () => {
    const bob = await newPerson('Bob')
    const slug = newSlug()
    const { id } = (await create({ title: 'Shop', slug })).body
    const other = (await create({ title: 'Other', slug: newSlug() })).body
    const errors = [{ field: 'slug', message: 'This address is taken. Choose another.' }]
    for (const { status, body } of [
      await create({ title: 'Mine', slug }, bob),
      await create({ title: 'Mine', slug }),
      await change(other.id, { slug }),
    ])
      expect([status, body.code, body.errors]).toEqual([409, 'conflict', errors])
    expect((await get(id)).body.slug).toBe(slug)
    expect((await get(other.id)).body.slug).toBe(other.slug)
    expect((await change(id, { slug })).status).toBe(200)
    await ask('DELETE', `/v1/status-pages/${id}`, { as: key })
    expect((await create({ title: 'Mine', slug }, bob)).status).toBe(201)
  })

  test.each(['', 'ab', 'Shop', 'my shop', '-shop', 'shop-', 'a/b', 'münchen', '../x', 'a'.repeat(64), 'shop\n'])(
    'cannot be at the address "%s"',
    async (slug) => {
      const { status, body } = await create({ title: 'Shop', slug })
      expect([status, body.errors[0].field]).toEqual([422, 'slug'])
    },
  )
})

describe('a workspace', () => {
  test('is shown and renamed, and nothing else of it can be changed', async () => {
    const before = (await ask('GET', '/v1/workspace', { as: key })).body
    const slug = expect.stringMatching(/^ada-lovelace-s-workspace-[a-z0-9]{6}$/)
    const plan = 'pro'
    const name = "Ada Lovelace's workspace"
    expect(before).toEqual({ id: ada.workspaceId, name, slug, plan, createdAt: TIME, endsAt: null })
    const renamed = await ask('PATCH', '/v1/workspace', { as: key, body: { name: ' Analytical Engines ' } })
    expect([renamed.status, renamed.body]).toEqual([200, { ...before, name: 'Analytical Engines' }])
    expect((await ask('GET', '/v1/workspace', { as: ada })).body).toEqual(renamed.body)
    for (const more of [{ plan: 'pro' }, { id: newId('workspace') }, { createdAt: 0 }]) {
      const answer = await ask('PATCH', '/v1/workspace', { as: ada, body: { name: 'x', ...more } })
      expect([answer.status, answer.body.errors[0].field]).toEqual([422, Object.keys(more)[0]])
    }
  })

  test.each(['', '  ', 'x'.repeat(129), 'a\u0000b', 'a\nb', 'a\u202eb', 'a\u2028b', 7, null])(
    'cannot be called %j',
    async (name) => {
      const answer = await ask('PATCH', '/v1/workspace', { as: key, body: { name } })
      expect([answer.status, answer.body.errors[0].field]).toEqual([422, 'name'])
    },
  )
})

test.each([
  [{ name: '' }, 'name'],
  [{ scope: 'admin' }, 'scope'],
  [{ expiresInDays: 0 }, 'expiresInDays'],
  [{ expiresInDays: 731 }, 'expiresInDays'],
  [{ expiresInDays: '90' }, 'expiresInDays'],
  [{ hash: 'x' }, 'hash'],
])('an API key cannot be made with %j', async (fields, field) => {
  const answer = await ask('POST', '/v1/api-keys', { as: ada, body: { name: 'ci', ...fields } })
  expect([answer.status, answer.body.errors[0].field]).toEqual([422, field])
})
