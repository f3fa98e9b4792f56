import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { browserScript } from '../../scripts/lib/browser-script.ts'
import { listPage, mailPage } from '../../scripts/lib/mailbox-pages.ts'
import { contrast } from '../../shared/domain/contrast.ts'
import { colourOf, SHAPE_PAIRS, TEXT_PAIRS, type Theme } from '../../workers/app/pages/design/colours.ts'
import { renderDocument } from '../../workers/app/pages/document.tsx'
import { STATUS_PAGE_CSS } from '../../workers/app/pages/status-page.css.ts'
import { StatusPage } from '../../workers/app/pages/status-page.tsx'
import { rulesOf, tokensOf } from '../pages/css.ts'
import { renderDesign } from '../pages/design.tsx'
import { components, publicStatus } from '../pages/every-page.tsx'
import { NOW } from '../pages/fixtures.ts'
import { renderAll, withoutStyles } from '../pages/render.ts'

const SHEET = readFileSync(new URL('../../static/assets/app.css', import.meta.url), 'utf8')
const RULES = rulesOf(SHEET)
const PUBLIC_RULES = rulesOf(STATUS_PAGE_CSS)
const KB = 1024

const MAIL = {
  id: 'out_1',
  from: { name: 'Candor', address: 'a@b.test' },
  to: 'a@b.test',
  subject: 'x',
  text: 'x',
  html: 'x',
}
const MAILS = [{ ...MAIL, at: NOW }]
/** Every page there is, those that only a machine of one's own has among them. */
const MARKUP: [name: string, html: string][] = [
  ...renderAll(),
  ['design', renderDesign(SHEET)],
  ['mails', listPage(MAILS)],
  ['mail', mailPage({ ...MAIL, at: NOW })],
]

const classesIn = (html: string) =>
  [...withoutStyles(html).matchAll(/ class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' '))
const styledBy = (sheet: string) => new Set([...sheet.matchAll(/\.([a-z][a-z0-9-]*)/g)].map(([, name = '']) => name))

const brotli = (text: string) => brotliCompressSync(text).length

const statusPage = (count: number) =>
  renderDocument(
    StatusPage({ status: publicStatus({ components: components(count) }), styles: STATUS_PAGE_CSS, now: NOW }),
  )

describe('what a page weighs', () => {
  test('a public page of twelve components and ninety days is one request of at most 10 KB', () => {
    const html = statusPage(12)
    expect(html.match(/<path class="up"/g)).toHaveLength(12)
    expect(html).not.toMatch(/<(?:link rel="stylesheet"|script|img)/)
    expect(brotli(html)).toBeLessThanOrEqual(10 * KB)
    expect(gzipSync(html).length).toBeLessThanOrEqual(10 * KB)
  })

  test('a page of the dashboard is at most 15 KB, and its sheet 6 KB', () => {
    for (const [, html] of renderAll()) expect(brotli(html)).toBeLessThanOrEqual(15 * KB)
    expect(brotli(SHEET)).toBeLessThanOrEqual(6 * KB)
  })

  test('the one script is at most 4 KB, and what its source says', async () => {
    const script = readFileSync(new URL('../../static/assets/audit-log.js', import.meta.url), 'utf8')
    expect(script).toBe(await browserScript())
    expect(brotli(script)).toBeLessThanOrEqual(4 * KB)
  })
})

const LIGHT = tokensOf(RULES, ':root')
const THEMES = tokensOf(RULES, '@supports (color: light-dark(#000,#fff)) :root')

const colour = (name: string, theme: Theme) => colourOf(SHEET, name, theme)

describe.each(['light', 'dark'] as const)('contrast in the %s theme', (theme) => {
  test.each(TEXT_PAIRS)('of the text %s on %s is at least 4.5', (text, ground) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(SHAPE_PAIRS)('of the shape %s on %s is at least 3', (shape, ground) => {
    expect(contrast(colour(shape, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3)
  })
})

describe('the sheet', () => {
  test('has the light colours also for browsers that know no light-dark()', () => {
    expect(THEMES.size).toBeGreaterThan(15)
    for (const name of THEMES.keys()) expect(LIGHT.get(name)).toBe(colour(name.slice(2), 'light'))
  })

  test('uses only colours that are tokens, and no token that is not set', () => {
    const rest = RULES.filter(({ at }) => !at.endsWith(':root')).flatMap(({ declarations }) => declarations)
    for (const declaration of rest) expect(declaration).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i)
    const set = new Set(RULES.flatMap(({ declarations }) => declarations.map((one) => one.split(':')[0])))
    for (const [, name] of SHEET.matchAll(/var\((--[a-z0-9-]+)/g)) expect(set).toContain(name)
  })

  test('has two themes that differ in colours and in nothing else', () => {
    expect(SHEET + STATUS_PAGE_CSS).not.toMatch(/prefers-color-scheme/)
    for (const { at, declarations } of [...RULES, ...PUBLIC_RULES])
      for (const declaration of declarations.filter((one) => one.includes('light-dark(')))
        expect([at, declaration]).toEqual([
          at,
          expect.stringMatching(/^--[a-z-]+: ?light-dark\(#[0-9a-f]{6}, ?#[0-9a-f]{6}\)$/),
        ])
  })

  test('asks for nothing from anywhere', () => {
    expect(SHEET + STATUS_PAGE_CSS).not.toMatch(/url\(|@import|@font-face/)
  })

  test('styles every class that a page has, and no other', () => {
    const had = new Set(MARKUP.flatMap(([, html]) => classesIn(html)))
    expect([...had].filter((name) => !styledBy(SHEET).has(name))).toEqual([])
    expect([...styledBy(SHEET)].filter((name) => !had.has(name))).toEqual([])
  })

  test('sets no token that nothing uses', () => {
    const used = new Set([...`${SHEET}${renderDesign(SHEET)}`.matchAll(/var\((--[a-z0-9-]+)/g)].map(([, name]) => name))
    const inRules = new Set([...SHEET.matchAll(/var\((--[a-z0-9-]+)/g)].map(([, name]) => name))
    expect([...LIGHT.keys()].filter((name) => !inRules.has(name))).toEqual([])
    expect([...used].filter((name) => name && !LIGHT.has(name) && !name.startsWith('--tone'))).toEqual([])
  })

  test('is all the styling there is, but on the public page, which has its own and no other', () => {
    for (const [name, html] of MARKUP) {
      const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text)
      expect([name, styles]).toEqual([name, html.includes('rel="stylesheet"') ? [] : [STATUS_PAGE_CSS]])
      expect([name, html.match(/<[^>]+ style=/)]).toEqual([name, null])
    }
  })
})

describe('the sheet of the public page', () => {
  const whole = new Map<string, Set<string>>()
  for (const { at, declarations } of RULES) whole.set(at, new Set([...(whole.get(at) ?? []), ...declarations]))

  test('is a part of the shared one, rule by rule', () => {
    expect(PUBLIC_RULES.length).toBeGreaterThan(40)
    for (const { at, declarations } of PUBLIC_RULES)
      expect([at, declarations.filter((one) => !whole.get(at)?.has(one))]).toEqual([at, []])
  })

  test('leaves out no rule that is about what the page shows', () => {
    const html = withoutStyles(statusPage(6))
    const shown = new Set([
      ...[...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names = '']) =>
        names.split(' ').map((name) => `.${name}`),
      ),
      ...[...html.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, tag = '']) => tag),
      'a',
    ])
    const partsOf = (selector: string) => selector.match(/\.?[a-z][a-z0-9-]*(?![^[]*\])/g) ?? []
    const applies = (selector: string) =>
      partsOf(selector.replaceAll(/:+[a-z-]+/g, '')).every((part) => shown.has(part))
    const about = RULES.filter(({ at }) => !at.startsWith('@') && !/^[:[]|::/.test(at) && at.split(',').some(applies))
    const there = new Set(PUBLIC_RULES.map(({ at }) => at))
    expect(about.length).toBeGreaterThan(30)
    // No link of this page stands in a banner.
    const besides = ['.banner a']
    expect(about.map(({ at }) => at).filter((at) => !there.has(at) && !besides.includes(at))).toEqual([])
  })

  test('styles every class of the page that is styled at all', () => {
    const had = new Set(renderAll().flatMap(([, html]) => (html.includes('<style>') ? classesIn(html) : [])))
    expect(had.size).toBeGreaterThan(20)
    expect([...had].filter((name) => !styledBy(STATUS_PAGE_CSS).has(name))).toEqual([])
  })

  test('sets every token that it uses, and no other', () => {
    const used = new Set([...STATUS_PAGE_CSS.matchAll(/var\((--[a-z0-9-]+)/g)].map(([, name]) => name))
    const set = tokensOf(PUBLIC_RULES, ':root')
    expect([...set.keys()].filter((name) => !used.has(name))).toEqual([])
    expect([...used].filter((name) => name && !set.has(name) && !name.startsWith('--tone'))).toEqual([])
  })

  test('shows where the focus is', () => {
    expect(PUBLIC_RULES.some(({ at }) => at === ':focus-visible')).toBe(true)
  })
})
