import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atomFeed } from '../../shared/domain/atom.ts'
import { contrast } from '../../shared/domain/contrast.ts'
import { OVERALL_SENTENCES, type Overall } from '../../shared/domain/status.ts'
import type { PublicStatus } from '../../workers/app/pages/public-status.ts'
import { BADGE_STYLES, statusBadge } from '../../workers/app/pages/status-badge.ts'
import { statusFeed } from '../../workers/app/pages/status-feed.ts'
import { componentsJson, incidentsJson, statusJson, summaryJson } from '../../workers/app/pages/status-json.ts'
import { type Element, faultsOf, parseXml } from '../lib/atom.ts'
import { parseSvg } from '../lib/status-page.ts'
import { rulesOf } from './css.ts'
import { components, publicIncidents, publicStatus } from './every-page.tsx'
import { NOW } from './fixtures.ts'
import { PAYLOADS } from './payloads.ts'

/** Besides what would harm HTML: what ends or breaks XML, JSON and SVG. */
const HOSTILE = [
  ...PAYLOADS,
  ']]>',
  '<![CDATA[',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '<?xml-stylesheet href="https://evil.example/x.xsl"?>',
  '--><script>alert(1)</script><!--',
  '</svg><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
  '"},"status":{"indicator":"none"},"x":{"',
  '\u0000\u0008\uFFFE\uD800',
  '\u202Eabc',
  '&#0; &bogus;',
]
/** What of it XML can carry. */
const inXml = (text: string) => text.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')

const child = (of: Element, name: string) => of.children.find((one) => one.name === name)?.text
const hostileStatus = (payload: string): PublicStatus => publicStatus({}, () => payload)

describe.each(HOSTILE)('names and texts such as %j', (payload) => {
  const status = hostileStatus(payload)

  test('stay text in the feed', () => {
    const xml = statusFeed(status)
    expect(faultsOf(xml)).toEqual([])
    const feed = parseXml(xml)
    expect(child(feed, 'title')).toBe(`${inXml(payload)} status`)
    const entries = feed.children.filter(({ name }) => name === 'entry')
    expect(entries.map((entry) => child(entry, 'title'))).toEqual([
      `${inXml(payload)}: down`,
      `${inXml(payload)}: resolved`,
    ])
    // The content is HTML inside of XML: a reader that shows it has one paragraph of text.
    for (const entry of entries) expect(child(entry, 'content')).toMatch(/^<p>[^<>]*<\/p>$/)
  })

  test('stay text in the badge', () => {
    const plain = parseSvg(statusBadge(publicStatus()))
    const svg = parseSvg(statusBadge(status))
    expect(svg.children.map(({ name }) => name)).toEqual(plain.children.map(({ name }) => name))
    expect(Object.keys(svg.attributes)).toEqual(Object.keys(plain.attributes))
    expect(svg.attributes['aria-label']).toBe(`${inXml(payload)}: Some systems are degraded`)
  })

  test('stay values in JSON', () => {
    const parsed = JSON.parse(JSON.stringify(summaryJson(status)))
    expect(parsed.page.name).toBe(payload)
    expect(parsed.components.map(({ name }: { name: string }) => name)).toEqual(Array(6).fill(payload))
    expect(parsed.status).toEqual({ indicator: 'minor', description: 'Some systems are degraded' })
  })
})

describe('the feed', () => {
  test('has for each incident one entry with an id of its own, and says when it began and was over', () => {
    const feed = parseXml(statusFeed(publicStatus()))
    const [open, past] = feed.children.filter(({ name }) => name === 'entry')
    if (!open || !past) throw new Error('There are two entries.')
    expect([child(open, 'published'), child(open, 'updated')]).toEqual(Array(2).fill('2026-11-24T14:11:10.000Z'))
    expect([child(past, 'published'), child(past, 'updated')]).toEqual([
      '2026-11-15T14:32:10.000Z',
      '2026-11-15T14:52:10.000Z',
    ])
    for (const entry of [feed, open, past]) expect(child(entry, 'id')).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
    expect(child(past, 'content')).toContain('for 20 min. It was over at 15 Nov 2026, 14:52:10 UTC.')
    expect(child(open, 'content')).toContain('This is not over.')
    const link = open.children.find(({ name }) => name === 'link')
    expect(link?.attributes.href).toBe(`https://status.acme.test/s/acme#${publicIncidents()[0]?.id}`)
  })

  test('is valid without an incident, and was updated when its page last changed', () => {
    const xml = statusFeed(publicStatus({ incidents: [], changedAt: NOW }))
    expect(faultsOf(xml)).toEqual([])
    expect(child(parseXml(xml), 'updated')).toBe('2026-11-24T14:32:10.000Z')
    const bare = { title: 'x', self: 'https://a.test/x.atom', page: 'https://a.test/x', author: 'x', entries: [] }
    expect(() => atomFeed(bare)).toThrow('has no entry')
  })
})

describe('JSON', () => {
  test('has the shape of Statuspage, member by member', () => {
    const [website] = components(1)
    const [open] = publicIncidents()
    if (!website || !open) throw new Error('There is one of each.')
    const status = publicStatus({ components: [website], incidents: [{ ...open, componentId: website.id }] })
    const at = '2026-11-24T14:11:10.000Z'
    const component = {
      id: website.id,
      name: 'Website',
      status: 'operational',
      created_at: '2026-08-26T14:32:10.000Z',
      updated_at: '2026-11-24T13:25:30.000Z',
      position: 1,
      description: null,
      showcase: true,
      start_date: null,
      group_id: null,
      page_id: status.id,
      group: false,
      only_show_if_degraded: false,
    }
    expect(JSON.parse(JSON.stringify(summaryJson(status)))).toEqual({
      page: {
        id: status.id,
        name: 'Acme',
        url: 'https://status.acme.test/s/acme',
        time_zone: 'Etc/UTC',
        updated_at: at,
      },
      status: { indicator: 'minor', description: 'Some systems are degraded' },
      components: [component],
      incidents: [
        {
          id: open.id,
          name: 'REST API is down',
          status: 'investigating',
          created_at: at,
          updated_at: at,
          monitoring_at: null,
          resolved_at: null,
          impact: 'major',
          shortlink: `https://status.acme.test/s/acme#${open.id}`,
          started_at: at,
          page_id: status.id,
          incident_updates: [
            {
              id: `${open.id}-investigating`,
              status: 'investigating',
              body: 'It did not answer in time, from 24 Nov 2026, 14:11:10 UTC. This is not over.',
              incident_id: open.id,
              created_at: at,
              updated_at: at,
              display_at: at,
              affected_components: null,
              deliver_notifications: false,
              custom_tweet: null,
              tweet_id: null,
            },
          ],
          components: [component],
        },
      ],
      scheduled_maintenances: [],
    })
  })

  test('says what is over in the list of incidents alone, with both of its updates', () => {
    const [, past] = incidentsJson(publicStatus()).incidents
    expect(past).toMatchObject({
      name: 'Website was down',
      status: 'resolved',
      resolved_at: '2026-11-15T14:52:10.000Z',
    })
    expect(past?.incident_updates.map(({ status }) => status)).toEqual(['resolved', 'investigating'])
    expect(summaryJson(publicStatus()).incidents.map(({ status }) => status)).toEqual(['investigating'])
  })

  test('never calls operational what is not known, and says so in words', () => {
    const [one] = components(1)
    if (!one) throw new Error('There is a component.')
    const list = (['stale', 'paused', 'pending', 'down', 'degraded'] as const).map((status) => ({ ...one, status }))
    const said = componentsJson(
      publicStatus({ components: [...list, { ...one, status: 'stale', lastCheckedAt: null }] }),
    )
    expect(said.components.map(({ status, description }) => [status, description])).toEqual([
      ['degraded_performance', 'No data since 24 Nov 2026, 14:31:50 UTC.'],
      ['under_maintenance', 'Not watched just now.'],
      ['under_maintenance', 'Not checked yet.'],
      ['major_outage', null],
      ['degraded_performance', null],
      ['degraded_performance', 'There is no data just now.'],
    ])
    expect(statusJson(publicStatus({ overall: 'unknown' })).status).toEqual({
      indicator: 'minor',
      description: 'The state of these systems is not known',
    })
  })
})

const RULES = rulesOf(BADGE_STYLES)
const DARK = '@media (prefers-color-scheme:dark) '

/** What the badge paints something with. */
function paint(selector: string, property: 'fill' | 'stroke', dark: boolean): string {
  const rules = dark ? RULES.filter(({ at }) => at.startsWith(DARK)) : RULES.filter(({ at }) => !at.startsWith('@'))
  const rule = rules.find(({ at }) => at.replace(DARK, '') === selector)
  const value = rule?.declarations.find((one) => one.startsWith(`${property}:`))?.split(':')[1]
  if (value === undefined) throw new Error(`${selector} has no ${property}.`)
  return value
}

describe('the badge', () => {
  test('says the whole sentence to those who are read to, and shows a shape and a word for each state', () => {
    const seen = Object.keys(OVERALL_SENTENCES).map((key) => {
      const overall = key as Overall
      const svg = parseSvg(statusBadge(publicStatus({ overall })))
      const sentence = `Acme: ${OVERALL_SENTENCES[overall]}`
      expect([svg.attributes.role, svg.attributes['aria-label'], child(svg, 'title')]).toEqual([
        'img',
        sentence,
        sentence,
      ])
      const texts = svg.children.filter(({ name }) => name === 'text').map(({ text }) => text)
      expect(texts[0]).toBe('Acme')
      return [texts[1], svg.children.find(({ name }) => name === 'g')?.attributes.class]
    })
    expect(seen).toEqual([
      ['Operational', 'up'],
      ['Degraded', 'degraded'],
      ['Partly down', 'down'],
      ['Down', 'down'],
      ['Not known', 'stale'],
    ])
  })

  test('asks for nothing from anywhere', () => {
    const svg = statusBadge(publicStatus()).replace(' xmlns="http://www.w3.org/2000/svg"', '')
    expect(svg).not.toMatch(/href|url\(|@import|@font-face|https?:|<(?:script|image|use|foreignObject)/)
  })

  test.each([
    ['light', false],
    ['dark', true],
  ])('can be read in the %s theme', (_theme, dark) => {
    const ground = paint('rect', 'fill', dark)
    expect(contrast(paint('text', 'fill', dark), ground)).toBeGreaterThanOrEqual(4.5)
    for (const shape of ['g', '.up', '.degraded', '.down'])
      expect(contrast(paint(shape, 'stroke', dark), ground)).toBeGreaterThanOrEqual(3)
  })

  test('is as wide as what it says, and no wider than a long name may make it', () => {
    const widthOf = (title: string) => Number(parseSvg(statusBadge(publicStatus({ title }))).attributes.width)
    expect(widthOf('Acme')).toBeLessThan(widthOf('Acme and Sons'))
    expect(widthOf('W'.repeat(128))).toBe(widthOf('W'.repeat(60)))
    expect(widthOf('W'.repeat(128))).toBeLessThan(600)
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 128 }), (title) => widthOf(title) > 60))
  })
})
