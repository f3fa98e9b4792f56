import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MonitorStatus } from '../../shared/domain/schedule.ts'
import { OVERALL_SENTENCES, overallStatus } from '../../shared/domain/status.ts'
import { clockIn } from '../../workers/app/pages/components/time.tsx'
import { renderDocument } from '../../workers/app/pages/document.tsx'
import { MonitorsPage } from '../../workers/app/pages/monitors.tsx'
import type { PublicStatus } from '../../workers/app/pages/public-status.ts'
import { StatusPage } from '../../workers/app/pages/status-page.tsx'
import { components, publicIncidents, publicStatus } from './every-page.tsx'
import { monitors, NOW, OWNER, own, room, summary } from './fixtures.ts'
import { textOf } from './render.ts'

const STATUSES: MonitorStatus[] = ['pending', 'up', 'degraded', 'down', 'paused', 'stale']
const anyStatuses = fc.array(fc.constantFrom(...STATUSES))

describe('the state of a page', () => {
  test('is operational only when something is up, nothing is worse, and no incident is open', () => {
    fc.assert(
      fc.property(anyStatuses, fc.nat(3), (statuses, open) => {
        const wanted =
          statuses.includes('up') && statuses.every((one) => ['up', 'paused', 'pending'].includes(one)) && open === 0
        expect(overallStatus(statuses, open) === 'operational').toBe(wanted)
      }),
    )
  })

  test('is a major outage exactly when all that says something is down, and a partial one when some of it is', () => {
    fc.assert(
      fc.property(anyStatuses, (statuses) => {
        const said = statuses.filter((one) => one !== 'paused' && one !== 'pending')
        const down = said.filter((one) => one === 'down').length
        expect(overallStatus(statuses) === 'major_outage').toBe(down > 0 && down === said.length)
        expect(overallStatus(statuses) === 'partial_outage').toBe(down > 0 && down < said.length)
      }),
    )
  })

  test('is never operational while a monitor is down or its state is not known, whatever the others say', () => {
    fc.assert(
      fc.property(anyStatuses, fc.constantFrom<MonitorStatus>('down', 'stale'), fc.nat(3), (others, bad, open) => {
        expect(overallStatus([...others, bad], open)).not.toBe('operational')
        expect(overallStatus([bad, ...others], open)).not.toBe('operational')
      }),
    )
  })

  test('does not depend on the order of the monitors', () => {
    const shuffled = anyStatuses.chain((statuses) =>
      fc.tuple(fc.constant(statuses), fc.shuffledSubarray(statuses, { minLength: statuses.length })),
    )
    fc.assert(
      fc.property(shuffled, fc.nat(2), ([statuses, others], open) => {
        expect(overallStatus(others, open)).toBe(overallStatus(statuses, open))
      }),
    )
  })

  test('does not depend on monitors that are paused or new', () => {
    fc.assert(
      fc.property(anyStatuses, fc.nat(2), (statuses, open) => {
        const state = overallStatus(statuses, open)
        expect(overallStatus([...statuses, 'paused', 'pending'], open)).toBe(state)
      }),
    )
  })

  test('never gets better when a monitor goes down', () => {
    const rank = ['operational', 'unknown', 'degraded', 'partial_outage', 'major_outage']
    fc.assert(
      fc.property(anyStatuses, (statuses) => {
        const before = rank.indexOf(overallStatus(statuses))
        const after = rank.indexOf(overallStatus([...statuses, 'down']))
        expect(after).toBeGreaterThanOrEqual(Math.min(before, rank.indexOf('partial_outage')))
      }),
    )
  })

  test('is not known when nothing is watched, and has a sentence for each answer', () => {
    expect(overallStatus([])).toBe('unknown')
    expect(overallStatus(['paused'], 1)).toBe('unknown')
    expect(overallStatus(['up', 'stale'])).toBe('unknown')
    for (const sentence of Object.values(OVERALL_SENTENCES)) expect(sentence).toMatch(/^[A-Z].*[a-z]$/)
  })
})

const page = (fields: Partial<PublicStatus>, zone?: string) => {
  const status = publicStatus({ overall: 'operational', components: [], incidents: [], ...fields })
  const clock = zone === undefined ? undefined : clockIn(zone)
  return renderDocument(<StatusPage status={status} styles="" clock={clock} now={NOW} />)
}

describe('the public page', () => {
  test('answers in its heading and its title, and says when that was checked', () => {
    const html = page({ overall: 'partial_outage', components: components(3) })
    expect(html).toMatch(/<h1[^>]*>Some systems are down<\/h1>/)
    expect(html).toContain('<title>Some systems are down · Acme</title>')
    expect(textOf(html)).toContain('Checked 24 Nov 2026, 14:31:50 UTC')
  })

  test('names the components that have trouble, the worst first', () => {
    const [a, b, c] = components(3)
    if (!a || !b || !c) throw new Error('There are three components.')
    const list = [{ ...a, status: 'degraded' as const }, b, { ...c, status: 'down' as const }]
    expect(textOf(page({ overall: 'partial_outage', components: list }))).toContain(
      'REST API: down · Website: degraded',
    )
  })

  test('shows what is stale as not known, since when, and never as operational', () => {
    const [one] = components(1)
    if (!one) throw new Error('There is a component.')
    const stale = { ...one, status: 'stale' as const, lastCheckedAt: NOW - 3_600_000 }
    const html = page({ overall: 'unknown', components: [stale] })
    expect(textOf(html)).toContain('No data since 24 Nov 2026, 13:32:10 UTC')
    expect(html).not.toContain('data-status="up"')
    expect(html).toContain('class="banner" data-status="stale"')
  })

  test('says that there is no data, and not that nothing was ever checked, when results cannot be read', () => {
    const blind = components(2).map((one) => ({ ...one, status: 'stale' as const, lastCheckedAt: null }))
    const text = textOf(page({ overall: 'unknown', components: blind }))
    expect(text).toContain('There is no data just now.')
    expect(text).not.toMatch(/Not checked yet|Checked|No data since/)
  })

  test('writes times in the zone that is asked for, with its distance from UTC, in summer and in winter', () => {
    const [one] = publicIncidents()
    if (!one) throw new Error('There is an incident.')
    const summer = { ...one, startedAt: Date.UTC(2026, 6, 1, 23, 30), resolvedAt: Date.UTC(2026, 6, 2) }
    const html = page({ components: components(1), incidents: [one, summer] }, 'Europe/Berlin')
    expect(textOf(html)).toContain('Checked 24 Nov 2026, 15:31:50 UTC+1')
    expect(textOf(html)).toContain('2 Jul 2026, 01:30:00 UTC+2')
    expect(html).toContain('<time datetime="2026-07-01T23:30:00.000Z">')
    expect(textOf(html)).toContain('Times are those of Europe/Berlin; days are days of UTC.')
  })

  test.each([['Europe/Nowhere'], [''], ['<b>'], ['Europe/Berlin '], ['a'.repeat(65)], ['../etc']])(
    'says that there is no time zone %j, without repeating it, and writes UTC',
    (zone) => {
      const html = page({ components: components(1) }, zone)
      expect(textOf(html)).toContain('There is no time zone of that name, so times are in UTC.')
      expect(textOf(html)).toContain('Checked 24 Nov 2026, 14:31:50 UTC ')
      if (zone) expect(html.replaceAll('Europe/Berlin', '')).not.toContain(zone)
    },
  )

  test('says in each zone that it offers what that zone says', () => {
    for (const zone of ['America/New_York', 'Asia/Tokyo', 'Asia/Kolkata', 'UTC', 'Etc/GMT+1'])
      expect(textOf(page({ components: components(1) }, zone))).toMatch(/Checked 2[45] Nov 2026, \d\d:\d\d:50 UTC/)
    expect(textOf(page({ components: components(1) }, 'Asia/Kolkata'))).toContain('20:01:50 UTC+5:30')
  })

  test('leads to the same in other forms, which programs find by themselves', () => {
    const html = page({})
    for (const [type, path] of [
      ['application/atom+xml', 'feed.atom'],
      ['application/json', 'api/v2/summary.json'],
    ])
      expect(html).toMatch(
        new RegExp(`<link rel="alternate" type="${type?.replace('+', '\\+')}"[^>]* href="/s/acme/${path}"`),
      )
    expect(html).toContain('<a href="/s/acme/feed.atom">')
  })

  test('says so when there were more incidents than it lists', () => {
    const more = 'There were more, which are not listed here.'
    expect(textOf(page({ incidents: publicIncidents(), cut: true }))).toContain(more)
    expect(textOf(page({ incidents: publicIncidents() }))).not.toContain(more)
  })

  test('puts what happens now before the components, and what is over behind them', () => {
    const text = textOf(page({ overall: 'degraded', components: components(2), incidents: publicIncidents() }))
    const places = ['Happening now', 'Components', 'In the last 90 days'].map((title) => text.indexOf(title))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThan(0)
  })

  test('says over how many days an uptime is known', () => {
    expect(textOf(page({ components: components(5) }))).toContain('uptime over 31 days')
  })

  test('shows no address, no id and no name of a monitor that is not on it', () => {
    expect(page({ components: components(6), incidents: publicIncidents() })).not.toMatch(/mon_|inc_|https?:/)
  })
})

describe('the list of monitors', () => {
  const viewer = { workspaceName: 'Acme', personName: 'Alex', own: own(String), may: OWNER }
  const plenty = room('monitors', 7, 500)
  const lines = monitors((text) => text).map((monitor, i) => ({ monitor, summary: i < 6 ? summary(i) : undefined }))
  const list = (filter?: string) =>
    renderDocument(<MonitorsPage viewer={viewer} lines={lines} filter={filter} now={NOW} room={plenty} />)

  test('has the worst first', () => {
    const order = [...list().matchAll(/<td[^>]*><span class="status" data-status="([a-z]+)"/g)].map(([, one]) => one)
    expect(order).toEqual(['down', 'degraded', 'stale', 'pending', 'up', 'up', 'paused'])
  })

  test('counts each status in a link that shows only those', () => {
    expect(textOf(list())).toContain('All 7 1 down 1 degraded 1 no data 1 not checked yet 2 operational 1 paused')
    const html = list('down')
    expect([...html.matchAll(/<th scope="row"/g)]).toHaveLength(1)
    expect(html).toMatch(/href="\/monitors\?status=down"[^>]*aria-current="page"/)
    expect(textOf(list('nonsense'))).toContain('No monitor has this status just now.')
  })

  test('does not call an old monitor new, nor up, when the scheduler says nothing of it', () => {
    const silent = lines.slice(0, 1).map(({ monitor }) => ({ monitor, summary: undefined }))
    const html = renderDocument(
      <MonitorsPage viewer={viewer} lines={silent} filter={undefined} now={NOW} room={plenty} />,
    )
    expect(html).toContain('class="status" data-status="stale"')
  })
})
