import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { LISTS, READS } from '../lib/routes.ts'
import { bySystem, CAUSE, made, newSlug } from '../lib/world.ts'

interface Item {
  id?: string
  seq?: number
}

/** How many of everything are made. */
const COUNT = 5
const START = Date.parse('2027-03-01T12:00:00Z')
const idOf = ({ id, seq }: Item) => id ?? seq

let ada: Person
let key: string
const monitorIds: string[] = []

const many = (make: (i: number) => Promise<unknown>) => Promise.all(Array.from({ length: COUNT }, (_, i) => make(i)))

beforeAll(async () => {
  // The clock stands: what is made has one time, and only its id says in which order it is shown.
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  ada = await newPerson()
  key = (await newApiKey(ada, 'read', null)).token
  const config = { url: 'https://hooks.example/candor' }
  await many(async () => monitorIds.push(await made(ada, 'monitor.create', { ...MONITOR, active: true })))
  await many((i) => made(ada, 'integration.create', { kind: 'webhook', name: `Hook ${i}`, config }))
  await many((i) => made(ada, 'status_page.create', { title: `Page ${i}`, slug: newSlug() }))
  await many((i) => made(ada, 'api_key.create', { name: `Key ${i}` }))
  await many((i) => bySystem(ada, 'incident.open', { monitorId: monitorIds[i], startedAt: START, cause: CAUSE }))
  await many((i) => made(ada, 'invitation.create', { email: `guest-${i}@example.test` }))
  await many(() => newMember(ada))
  for (const monitorId of monitorIds) await mutateAs(ada, 'monitor.pause', { id: monitorId })
})
afterAll(() => {
  vi.useRealTimers()
})

async function pagesOf(path: string, query: string): Promise<Item[][]> {
  const pages: Item[][] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { status, body } = await ask('GET', `${path}?${query}${cursor && `&cursor=${cursor}`}`, { as: key })
    expect([status, Object.keys(body).toSorted()]).toEqual([200, ['data', 'nextCursor']])
    pages.push(body.data)
    cursor = body.nextCursor
    if (pages.length > 100) throw new Error('The pages do not end.')
  }
  return pages
}

describe.each(LISTS)('the list $path', ({ path }) => {
  test.each([1, 2, 3, 4])('shows everything once when it is read in pages of %i', async (limit) => {
    const [all = []] = await pagesOf(path, 'limit=100')
    expect(all.length).toBeGreaterThanOrEqual(COUNT)
    const pages = await pagesOf(path, `limit=${limit}`)
    expect(pages.flat()).toEqual(all)
    expect(pages.slice(0, -1).map((page) => page.length)).toEqual(Array(pages.length - 1).fill(limit))
    expect(new Set(all.map(idOf)).size).toBe(all.length)
  })

  test('has one page, and no cursor, when it asks for exactly as many as there are', async () => {
    const [all = []] = await pagesOf(path, 'limit=100')
    expect(await pagesOf(path, `limit=${all.length}`)).toEqual([all])
  })

  test('shows each as it is shown by itself', async () => {
    const [[item] = []] = await pagesOf(path, 'limit=1')
    const single = READS.find((read) => read.path === `${path}/:id`)
    // An entry is named by its sequence.
    if (!single) return expect(path).toBe('/v1/audit-logs')
    const { body } = await ask('GET', `${path}/${item?.id}`, { as: key })
    expect(item).toMatchObject(body)
  })
})

test('a list goes on where it was, although something new was made and what the cursor stood on is gone', async () => {
  const first = (await ask('GET', '/v1/monitors?limit=2', { as: key })).body
  const rest = monitorIds.filter((id) => !first.data.some((shown: Item) => shown.id === id))
  vi.setSystemTime(START + 1)
  await made(ada, 'monitor.create', MONITOR)
  await made(ada, 'monitor.delete', { id: first.data[1].id })
  const { body } = await ask('GET', `/v1/monitors?cursor=${first.nextCursor}`, { as: key })
  expect(body.data.map(idOf).toSorted()).toEqual(rest.toSorted())
})

test('incidents are listed newest first, as what happened and why, of all monitors or of one', async () => {
  const [monitorId = ''] = await many(() => made(ada, 'monitor.create', { ...MONITOR, active: true })).then(
    (ids) => ids as string[],
  )
  const times = [START + 1000, START + 3000, START + 2000]
  for (const startedAt of times) {
    await bySystem(ada, 'incident.open', { monitorId, startedAt, cause: CAUSE })
    if (startedAt !== START + 2000)
      await bySystem(ada, 'incident.resolve', { monitorId, startedAt, resolvedAt: startedAt + 500 })
  }
  const { body } = await ask('GET', `/v1/incidents?monitorId=${monitorId}`, { as: key })
  const iso = (time: number) => new Date(time).toISOString()
  const incident = { id: expect.stringMatching(/^inc_[0-9A-Za-z]{11}$/), monitorId, cause: CAUSE }
  expect(body.data).toEqual([
    { ...incident, startedAt: iso(START + 3000), resolvedAt: iso(START + 3500) },
    { ...incident, startedAt: iso(START + 2000), resolvedAt: null },
    { ...incident, startedAt: iso(START + 1000), resolvedAt: iso(START + 1500) },
  ])
  const all = (await ask('GET', '/v1/incidents', { as: key })).body.data
  expect(all.slice(0, 3)).toEqual(body.data)
  expect(all.length).toBeGreaterThan(3)
})

test('a list never shows more than a hundred, and fifty when it is not said how many', async () => {
  const joan = await newPerson('Joan')
  await Promise.all(Array.from({ length: 101 }, () => made(joan, 'monitor.create', MONITOR)))
  const shown = async (query: string) => (await ask('GET', `/v1/monitors${query}`, { as: joan })).body.data.length
  expect([await shown(''), await shown('?limit=100')]).toEqual([50, 100])
  const { n } = (await env.DB.prepare('SELECT count(*) AS n FROM monitor WHERE workspace_id = ?')
    .bind(joan.workspaceId)
    .first<{ n: number }>()) ?? { n: 0 }
  expect(n).toBe(101)
})
