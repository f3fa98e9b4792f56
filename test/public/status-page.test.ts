import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import type { Env } from '../../workers/app/bindings.ts'
import { dayOf, packDay } from '../../workers/app/monitoring/rollup.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import {
  DAY,
  fireAlarm,
  inStore,
  MINUTE,
  newMonitor,
  newWatched,
  nextRound,
  rounds,
  SECOND,
  START,
  type Stub,
  setClock,
  summaryOf,
  until,
  useClock,
} from '../lib/monitoring.ts'
import { DOWN, GOOD, probeChanges } from '../lib/probe.ts'
import { publish } from '../lib/status-page.ts'
import { bySystem, CAUSE } from '../lib/world.ts'
import { textOf, withoutStyles } from '../pages/render.ts'

useClock()

let person: Person
let stub: Stub
beforeEach(async () => {
  ;({ person, stub } = await newWatched())
})

const newSlug = () => crypto.randomUUID()
/** The page as it is read: without its styles, which name every status. */
async function show(slug: string, bindings: Env = env) {
  const { status, text } = await ask('GET', `/s/${slug}`, { env: bindings })
  return { status, text: withoutStyles(text) }
}
const headingOf = (html: string) => /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1]

/** An active monitor that was checked once. */
async function upAndRunning(fields: Record<string, unknown> = {}): Promise<string> {
  const id = await newMonitor(person, fields)
  await fireAlarm(stub)
  return id
}

describe('what a public page says', () => {
  test('is that all is well only when every monitor that is watched is up', async () => {
    const slug = await publish(person, [await upAndRunning({ name: 'Shop' }), await upAndRunning({ name: 'API' })])
    const { status, text } = await show(slug)
    expect([status, headingOf(text)]).toEqual([200, 'All systems are operational'])
    expect(textOf(text)).toMatch(/Shop.*Operational.*API.*Operational/)
  })

  test('is that all is down when all of it is, and that a part is when a part is', async () => {
    const shop = await upAndRunning({ name: 'Shop' })
    await rounds(stub, 3, DOWN)
    expect(headingOf((await show(await publish(person, [shop]))).text)).toBe('All systems are down')
    await probeChanges(GOOD)
    const slug = await publish(person, [shop, await upAndRunning({ name: 'API' })])
    const { text } = await show(slug)
    expect(headingOf(text)).toBe('Some systems are down')
    expect(textOf(text)).toMatch(/Shop: down .* Shop Ongoing No connection could be made, from/)
    expect(textOf(text)).toMatch(/Shop .*Down .*API .*Operational/)
  })

  test('is that something is wrong while an incident is open, though its monitor has recovered', async () => {
    const monitorId = await upAndRunning()
    const slug = await publish(person, [monitorId])
    await bySystem(person, 'incident.open', { monitorId, startedAt: START, cause: CAUSE })
    expect(await summaryOf(stub, monitorId)).toMatchObject({ status: 'up' })
    const { text } = await show(slug)
    expect(headingOf(text)).toBe('Some systems are degraded')
    expect(text).not.toContain('class="banner" data-status="up"')
  })

  test('counts an incident that is open behind a hundred newer ones that are over, and says that it leaves some out', async () => {
    const [shop, api] = [await upAndRunning({ name: 'Shop' }), await upAndRunning({ name: 'API' })]
    const slug = await publish(person, [shop, api])
    await bySystem(person, 'incident.open', { monitorId: shop, startedAt: START - 300 * MINUTE, cause: CAUSE })
    for (let i = 1; i <= 101; i++) {
      const startedAt = START - i * MINUTE
      await bySystem(person, 'incident.open', { monitorId: api, startedAt, cause: CAUSE })
      await bySystem(person, 'incident.resolve', { monitorId: api, startedAt, resolvedAt: startedAt + SECOND })
    }
    const { text } = await show(slug)
    expect(headingOf(text)).toBe('Some systems are degraded')
    expect(textOf(text)).toContain('There were more, which are not listed here.')
    const { incidents } = (await ask('GET', `/s/${slug}/api/v2/incidents.json`)).body
    expect(incidents).toHaveLength(100)
    expect(incidents[0]).toMatchObject({ name: 'Shop is down', status: 'investigating' })
    const started = incidents.slice(1).map((one: { started_at: string }) => one.started_at)
    expect(started).toEqual(started.toSorted().toReversed())
  }, 120_000)

  test('is grey, with the time of the last result, when no result has come for three intervals', async () => {
    const slug = await publish(person, [await upAndRunning()])
    await setClock(START + 10 * MINUTE)
    const { text } = await show(slug)
    expect(headingOf(text)).toBe('The state of these systems is not known')
    expect(textOf(text)).toContain('No data since')
    expect(text).toContain(new Date(START).toISOString())
    expect(text).not.toContain('data-status="up"')
  })

  test('is grey when the results cannot be asked for', async () => {
    const slug = await publish(person, [await upAndRunning()])
    const silent = { idFromName: () => 'id', get: () => ({ summaries: () => Promise.reject(new Error('no answer')) }) }
    const bindings = { ...env, MONITORING: silent as unknown as Env['MONITORING'] }
    const { status, text } = await show(slug, bindings)
    expect([status, headingOf(text)]).toEqual([200, 'The state of these systems is not known'])
    expect(text).toContain('class="status" data-status="stale"')
    expect(text).not.toContain('data-status="up"')
  })

  test('says of a paused monitor that it is paused, and of a new one that it was not checked yet', async () => {
    const paused = await upAndRunning({ name: 'Old' })
    await ask('POST', `/v1/monitors/${paused}/pause`, { as: person })
    await until('it is paused', async () => (await summaryOf(stub, paused)).status === 'paused')
    const slug = await publish(person, [paused, await newMonitor(person, { name: 'New' })])
    const { text } = await show(slug)
    expect(headingOf(text)).toBe('The state of these systems is not known')
    expect(textOf(text)).toMatch(/Old.*Paused.*New.*Not checked yet/)
  })

  test('is that nothing is shown yet on a page without monitors', async () => {
    const { status, text } = await show(await publish(person, []))
    expect([status, headingOf(text)]).toEqual([200, 'The state of these systems is not known'])
    expect(text).toContain('Nothing is shown here yet.')
  })
})

describe('ninety days', () => {
  test('are shown, today with them, and the ninety-first is not', async () => {
    const id = await upAndRunning()
    const slug = await publish(person, [id])
    const figures = { failed: 0, degraded: 0, measuredSeconds: 86_400, p50: 9, p75: 9, p90: 9, p95: 9, p99: 9 }
    const today = START - (START % DAY)
    await inStore(stub, (store) => {
      for (let ago = 1; ago <= 95; ago++) {
        const downSeconds = ago === 89 || ago === 90 ? 864 : 0
        store.putDay(today - ago * DAY, packDay([{ slot: 0, checks: 1440, ...figures, downSeconds }]))
      }
    })
    const { text } = await show(slug)
    expect(text).toContain('aria-label="90 days with data, 1 with trouble"')
    expect(text).toContain(dayOf(today - 89 * DAY))
    expect(text).not.toContain(dayOf(today - 90 * DAY))
    expect(textOf(text)).toContain('99.98 % uptime')
  })

  test('of incidents are listed: those that began since, and any that is still open', async () => {
    const slug = await publish(person, [await upAndRunning()])
    const startedAt = await nextRound(stub, DOWN)
    await rounds(stub, 2)
    const marker = `<time datetime="${new Date(startedAt).toISOString()}">`
    await setClock(startedAt + 91 * DAY)
    expect((await show(slug)).text).toContain(marker)
    await nextRound(stub, GOOD)
    await nextRound(stub)
    const { text } = await show(slug)
    expect(text).not.toContain('Ongoing')
    expect(text).not.toContain(marker)
    await setClock(startedAt + 30 * DAY)
    expect((await show(slug)).text).toContain(marker)
  })
})

describe('what a public page keeps to itself', () => {
  const told = crypto.randomUUID()

  test('is the address of the target, what it answered, and every id', async () => {
    const url = `https://${told}.example/health?token=${told}`
    const id = await upAndRunning({ name: 'Shop', url, headers: [{ key: 'x-token', value: told }] })
    const slug = await publish(person, [id])
    await rounds(stub, 3, { status: 503, errorClass: 'http', message: `Answered 503 ${told}.` })
    const { text } = await show(slug)
    expect(textOf(text)).toContain('It answered with an error, from')
    expect(text).not.toContain(told)
    expect(text).not.toMatch(/\b503\b|(?:mon|inc|ws|page|usr|int)_[0-9A-Za-z]{11}/)
  })

  test('is every monitor that is not on it', async () => {
    const slug = await publish(person, [await upAndRunning({ name: 'Shown' })])
    await upAndRunning({ name: told })
    await rounds(stub, 3, DOWN)
    const { text } = await show(slug)
    expect(textOf(text)).toContain('Shown')
    expect(text).not.toContain(told)
  })
})

describe('a monitor of another workspace', () => {
  test('cannot be put on a page, neither over the API nor in the database', async () => {
    const own = await upAndRunning({ name: 'Own' })
    const slug = await publish(person, [own])
    const { body: pages } = await ask('GET', '/v1/status-pages', { as: person })
    const pageId = pages.data[0].id
    const other = await newPerson('Grace Hopper')
    const foreign = await newMonitor(other, { name: 'Foreign' })
    const { text: unknown } = await ask('PATCH', `/v1/status-pages/${pageId}`, {
      as: person,
      body: { monitorIds: [newId('monitor')] },
    })
    for (const [method, path, fields] of [
      ['PATCH', `/v1/status-pages/${pageId}`, {}],
      ['POST', '/v1/status-pages', { title: 'Mine', slug: newSlug() }],
    ] as const) {
      const refused = await ask(method, path, { as: person, body: { ...fields, monitorIds: [own, foreign] } })
      expect(refused.status).toBe(422)
      const withoutIds = (text: string) => text.replaceAll(/(?:mon|req)_\w+/g, '')
      if (method === 'PATCH') expect(withoutIds(refused.text)).toBe(withoutIds(unknown))
    }
    const places = [person.workspaceId, other.workspaceId].map((workspaceId) =>
      env.DB.prepare('INSERT INTO status_page_monitor VALUES (?, ?, ?, 1)').bind(workspaceId, pageId, foreign).run(),
    )
    for (const place of await Promise.allSettled(places)) expect(place.status).toBe('rejected')
    expect((await show(slug)).text).not.toContain('Foreign')
  })
})

test('a page that was deleted is gone at once, with its address free for the next one', async () => {
  const id = await upAndRunning()
  const slug = await publish(person, [id])
  const { body } = await ask('GET', '/v1/status-pages', { as: person })
  await ask('DELETE', `/v1/status-pages/${body.data[0].id}`, { as: person })
  expect((await show(slug)).status).toBe(404)
  await setClock(START + SECOND)
  await ask('POST', '/v1/status-pages', { as: await newPerson(), body: { title: 'Next', slug, monitorIds: [] } })
  const { text } = await show(slug)
  expect(text).toContain('Next')
  expect(text).not.toContain('Acme')
})
