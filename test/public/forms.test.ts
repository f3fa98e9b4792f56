import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { OVERALL_SENTENCES } from '../../shared/domain/status.ts'
import type { Env } from '../../workers/app/bindings.ts'
import { faultsOf, parseXml } from '../lib/atom.ts'
import { type Answer, ask, newPerson, type Person } from '../lib/candor.ts'
import { watchedDatabase } from '../lib/d1.ts'
import {
  fireAlarm,
  MINUTE,
  newMonitor,
  newWatched,
  nextRound,
  rounds,
  START,
  type Stub,
  setClock,
  useClock,
} from '../lib/monitoring.ts'
import { DOWN, GOOD, probeChanges } from '../lib/probe.ts'
import { STATUS_PAGE_ROUTES } from '../lib/routes.ts'
import { parseSvg, publish } from '../lib/status-page.ts'

useClock()

const at = (route: string, slug: string) => route.replace(':slug', slug)
const JSON_ROUTES = STATUS_PAGE_ROUTES.filter((route) => route.includes('/api/'))

test('there are forms to look at: a page, a feed, a badge and data', () => {
  expect(STATUS_PAGE_ROUTES.length).toBeGreaterThanOrEqual(8)
  expect(JSON_ROUTES.length).toBeGreaterThanOrEqual(5)
})

async function upAndRunning(person: Person, stub: Stub, name: string): Promise<string> {
  const id = await newMonitor(person, { name })
  await fireAlarm(stub)
  return id
}

/** What each form says of the state of a page, as its sentence. */
async function sentencesOf(slug: string, bindings: Env = env): Promise<string[]> {
  const get = (path: string) => ask('GET', `/s/${slug}${path}`, { env: bindings })
  const html = (await get('')).text
  const feed = parseXml((await get('/feed.atom')).text)
  const badge = parseSvg((await get('/badge.svg')).text)
  const summary = (await get('/api/v2/summary.json')).body.status
  const status = (await get('/api/v2/status.json')).body.status
  expect(summary).toEqual(status)
  const isGreen = [
    html.includes('class="banner" data-status="up"'),
    status.indicator === 'none',
    badge.children.some(({ attributes }) => attributes.class === 'up'),
  ]
  expect(new Set(isGreen).size).toBe(1)
  return [
    /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1] ?? '',
    feed.children.find(({ name }) => name === 'subtitle')?.text ?? '',
    badge.attributes['aria-label']?.replace('Acme: ', '') ?? '',
    status.description,
  ]
}

const expectAll = async (slug: string, overall: keyof typeof OVERALL_SENTENCES, bindings?: Env) =>
  expect(await sentencesOf(slug, bindings)).toEqual(Array(4).fill(OVERALL_SENTENCES[overall]))

describe('the page, the feed, the badge and the data say the same', () => {
  let person: Person
  let stub: Stub
  beforeEach(async () => {
    ;({ person, stub } = await newWatched())
  })

  test('of what is up, of what is down in part or as a whole, and of what has recovered', async () => {
    const shop = await upAndRunning(person, stub, 'Shop')
    const alone = await publish(person, [shop])
    await expectAll(alone, 'operational')
    await rounds(stub, 3, DOWN)
    await expectAll(alone, 'major_outage')
    await probeChanges(GOOD)
    const both = await publish(person, [shop, await upAndRunning(person, stub, 'API')])
    await expectAll(both, 'partial_outage')
    await rounds(stub, 3, GOOD)
    await expectAll(both, 'operational')
  })

  test('of what nobody has heard of for three intervals, and of results that cannot be read', async () => {
    const slug = await publish(person, [await upAndRunning(person, stub, 'Shop')])
    const silent = { idFromName: () => 'id', get: () => ({ summaries: () => Promise.reject(new Error('no answer')) }) }
    await expectAll(slug, 'unknown', { ...env, MONITORING: silent as unknown as Env['MONITORING'] })
    await setClock(START + 10 * MINUTE)
    await expectAll(slug, 'unknown')
  })
})

describe('a feed that somebody follows', () => {
  const idsOf = (xml: string) =>
    parseXml(xml).children.flatMap(({ name, text, children }) =>
      name === 'id'
        ? [text]
        : name === 'entry'
          ? children.filter((one) => one.name === 'id').map((one) => one.text)
          : [],
    )
  const feedUpdatedOf = (xml: string) => parseXml(xml).children.find(({ name }) => name === 'updated')?.text
  const updatedOf = (xml: string) => /<entry>.*?<updated>(.*?)<\/updated>/s.exec(xml)?.[1]

  test('keeps the ids of its entries when everything is renamed, and updates an entry when its incident is over', async () => {
    const { person, stub } = await newWatched()
    const shop = await upAndRunning(person, stub, 'Shop')
    const slug = await publish(person, [shop])
    const startedAt = await nextRound(stub, DOWN)
    await rounds(stub, 2)
    const feed = async (path = slug) => (await ask('GET', `/s/${path}/feed.atom`)).text
    const open = await feed()
    expect(faultsOf(open)).toEqual([])
    expect(updatedOf(open)).toBe(new Date(startedAt).toISOString())
    await setClock(Date.now() + MINUTE)
    expect(updatedOf(await feed())).toBe(updatedOf(open))

    const next = crypto.randomUUID()
    const { data } = (await ask('GET', '/v1/status-pages', { as: person })).body
    await ask('PATCH', `/v1/status-pages/${data[0].id}`, { as: person, body: { title: 'Other', slug: next } })
    await ask('PATCH', `/v1/monitors/${shop}`, { as: person, body: { name: 'Store' } })
    const renamed = await feed(next)
    expect(renamed).toContain('<title>Store: down</title>')
    expect(idsOf(renamed)).toEqual(idsOf(open))
    expect(idsOf(open)).toHaveLength(2)

    await nextRound(stub, GOOD)
    const recoveredAt = Date.now()
    await nextRound(stub)
    const over = await feed(next)
    expect(faultsOf(over)).toEqual([])
    expect([idsOf(over), updatedOf(over)]).toEqual([idsOf(open), new Date(recoveredAt).toISOString()])
    expect(over).toContain('<title>Store: resolved</title>')
    expect(feedUpdatedOf(over)).toBe(updatedOf(over))
    await setClock(Date.now() + 10 * MINUTE)
    const stale = await feed(next)
    expect(stale).toContain(OVERALL_SENTENCES.unknown)
    expect(feedUpdatedOf(stale)).toBe(feedUpdatedOf(over))
  })
})

describe.each(STATUS_PAGE_ROUTES)('%s', (route) => {
  let person: Person
  let slug: string
  let told: string
  let path: string
  beforeAll(async () => {
    const watched = await newWatched()
    person = watched.person
    told = crypto.randomUUID()
    const url = `https://${told}.example/health?token=${told}`
    const monitor = { name: 'Shop', url, headers: [{ key: 'x-token', value: told }] }
    const shown = await newMonitor(person, monitor)
    await newMonitor(person, { name: told })
    await fireAlarm(watched.stub)
    await rounds(watched.stub, 3, { status: 503, errorClass: 'http', message: `Answered 503 ${told}.` })
    slug = await publish(person, [shown])
    path = at(route, slug)
  })

  const get = (headers: Record<string, string> = {}, method = 'GET') => ask(method, path, { headers })

  test('costs one round trip to the database, and one question to the monitoring object', async () => {
    const batch = vi.spyOn(Object.getPrototypeOf(env.DB), 'batch')
    const { env: watched, ran } = watchedDatabase()
    const asked: number[] = []
    const objects = new Proxy(env.MONITORING, {
      get(target, name) {
        if (name !== 'get') return Reflect.get(target, name).bind(target)
        return (id: DurableObjectId) => ({
          summaries: (ids: string[], days: number) => {
            asked.push(days)
            return target.get(id).summaries(ids, days)
          },
        })
      },
    })
    const { status } = await ask('GET', path, { env: { ...watched, MONITORING: objects } })
    expect([status, batch.mock.calls.length, ran.length]).toEqual([200, 1, 3])
    expect(asked).toEqual([route === '/s/:slug' ? 90 : 0])
  })

  test('may be kept by caches for a moment, and is the same for everybody, whatever they send along', async () => {
    const plain = await get()
    const headers = { 'accept-language': 'de', accept: 'text/plain', cookie: 'a=b', origin: 'https://evil.example' }
    for (const answer of [plain, await get(headers), await ask('GET', path, { as: person })]) {
      expect([answer.status, answer.text]).toEqual([200, plain.text])
      expect(answer.headers.get('cache-control')).toBe('public, max-age=15, stale-while-revalidate=60')
      expect([answer.headers.get('vary'), answer.headers.getSetCookie()]).toEqual([null, []])
    }
  })

  test('is not sent again to whoever has it, and answers HEAD with the same headers', async () => {
    const first = await get()
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w+/]{27}"$/)
    const same = (answer: Answer) => {
      for (const name of ['etag', 'cache-control', 'content-security-policy', 'access-control-allow-origin'])
        expect([name, answer.headers.get(name)]).toEqual([name, first.headers.get(name)])
      expect(answer.text).toBe('')
    }
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get({ 'if-none-match': tag })
      expect(again.status).toBe(304)
      same(again)
    }
    const head = await get({}, 'HEAD')
    expect([head.status, head.headers.get('content-type')]).toEqual([200, first.headers.get('content-type')])
    same(head)
    expect((await get({ 'if-none-match': etag }, 'HEAD')).status).toBe(304)
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200)
  })

  test('may be read by the pages of others only when it is data, and never with credentials', async () => {
    const { headers } = await get({ origin: 'https://evil.example' })
    expect(headers.get('access-control-allow-origin')).toBe(JSON_ROUTES.includes(route) ? '*' : null)
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toHaveLength(
      JSON_ROUTES.includes(route) ? 1 : 0,
    )
  })

  test('tells no address, no answer of a target, no id of a workspace and no other monitor', async () => {
    const { text } = await get()
    expect(text).not.toContain(told)
    expect(text).not.toMatch(/\b503\b|(?:mon|inc|ws|page|usr|int)_[0-9A-Za-z]{11}/)
  })

  test('is not there when the page is not: gone, in capitals or never made are one answer', async () => {
    const gone = await publish(person, [])
    const { data } = (await ask('GET', '/v1/status-pages', { as: person })).body
    const { id } = data.find((one: { slug: string }) => one.slug === gone)
    expect((await ask('GET', at(route, gone))).status).toBe(200)
    await ask('DELETE', `/v1/status-pages/${id}`, { as: person })
    const shown = ({ status, text, headers }: Answer) => [
      status,
      text.replaceAll(/req_\w+/g, ''),
      [...headers].filter(([name]) => name !== 'x-request-id'),
    ]
    const never = await ask('GET', at(route, 'nobody-has-this'))
    for (const one of [gone, slug.toUpperCase(), '%00', "' OR 1=1 --", 'a'.repeat(2000)])
      expect(shown(await ask('GET', at(route, one)))).toEqual(shown(never))
    const type = JSON_ROUTES.includes(route) ? 'application/problem+json' : 'text/html'
    expect([never.status, never.headers.get('cache-control')]).toEqual([404, 'no-store'])
    expect(never.headers.get('content-type')).toContain(type)
    expect(never.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('the zone in the address of a page', () => {
  test('changes how times are written, and nothing that programs read', async () => {
    const { person, stub } = await newWatched()
    const slug = await publish(person, [await upAndRunning(person, stub, 'Shop')])
    const page = async (query: string) => ask('GET', `/s/${slug}${query}`)
    const [utc, tokyo] = [await page(''), await page('?tz=Asia/Tokyo')]
    expect(utc.text).toMatch(/Checked <time[^>]*>[^<]* UTC<\/time>/)
    expect(tokyo.text).toMatch(/Checked <time[^>]*>[^<]* UTC\+9<\/time>/)
    expect(tokyo.headers.get('etag')).not.toBe(utc.headers.get('etag'))
    const moments = (html: string) => [...html.matchAll(/datetime="([^"]*)"/g)].map(([, moment]) => moment)
    expect(moments(tokyo.text)).toEqual(moments(utc.text))
    for (const hostile of ['?tz=%22%3E%3Cscript%3E', '?tz=', `?tz=${'a'.repeat(5000)}`, '?tz=Europe/Berlin&tz=<b>'])
      expect([hostile, (await page(hostile)).status]).toEqual([hostile, 200])
    expect((await page('?tz=%22%3E%3Cscript%3E')).text).not.toContain('<script')
  })
})

test('two pages that show one monitor give it two names, so that nobody learns that it is one', async () => {
  const person = await newPerson()
  const shop = await newMonitor(person, { name: 'Shop' })
  const ids = []
  for (const slug of [await publish(person, [shop]), await publish(person, [shop])])
    ids.push((await ask('GET', `/s/${slug}/api/v2/components.json`)).body.components[0].id)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(2)
})
