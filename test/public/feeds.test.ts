import { describe, expect, test } from 'vitest'
import { atomFeed } from '../../shared/domain/atom.ts'
import { type Element, faultsOf, parseXml } from '../lib/atom.ts'
import { askAt, PUBLIC } from '../lib/deployment.ts'
import { htmlFaults } from '../lib/html-rules.ts'

const HOSTILE = ['</title><script>', 'a & b', '"><x y="', ']]>', '\u0000\u0008\uFFFE', '<![CDATA[', '\uD800']

const FEED = {
  title: 'Feed',
  self: 'https://candor.test/x.atom',
  page: 'https://candor.test/x',
  author: 'Candor',
}

/** What the entries of a feed show, as HTML. */
const contentsOf = (feed: Element): string[] =>
  feed.children
    .filter(({ name }) => name === 'entry')
    .flatMap(({ children }) =>
      children.filter(({ name, attributes }) => name === 'content' && attributes.type === 'html'),
    )
    .map(({ text }) => text)

describe.each(['/subprocessors', '/changelog'])('the feed of %s', (path) => {
  test('is valid by RFC 4287, and says what it is', async () => {
    const answer = await askAt(`${PUBLIC}${path}.atom`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8'])
    expect(faultsOf(await answer.text())).toEqual([])
  })

  test('has entries that each lead to their place on the page, and the page leads to the feed', async () => {
    const html = await (await askAt(`${PUBLIC}${path}`)).text()
    expect(html).toContain(`<link rel="alternate" type="application/atom+xml" href="${path}.atom"`)
    const feed = parseXml(await (await askAt(`${PUBLIC}${path}.atom`)).text())
    const entries = feed.children.filter(({ name }) => name === 'entry')
    expect(entries.length).toBeGreaterThan(0)
    for (const { children } of entries) {
      const [address = '', place] = children.find(({ name }) => name === 'id')?.text.split('#') ?? []
      expect(address).toBe(`${PUBLIC}${path}`)
      expect(html).toContain(` id="${place}"`)
    }
  })
})

test('what an entry of a feed shows is valid HTML', async () => {
  const feeds = await Promise.all(
    ['/subprocessors', '/changelog'].map(async (path) => parseXml(await (await askAt(`${PUBLIC}${path}.atom`)).text())),
  )
  const shown = feeds.flatMap(contentsOf)
  expect(shown.length).toBeGreaterThan(1)
  const page = (html: string) =>
    `<!doctype html><html lang="en"><head><title>x</title></head><body>${html}</body></html>`
  for (const html of shown) expect(htmlFaults(page(html))).toEqual([])
})

test('whatever a feed is made of, it is one feed with these entries', () => {
  for (const text of HOSTILE) {
    const entries = [
      {
        id: `https://candor.test/x#${encodeURIComponent(text.toWellFormed())}`,
        title: text,
        updated: '2026-11-25',
        html: text,
      },
      { id: 'https://candor.test/x#2', title: 'b', updated: '2026-11-24', html: '<p>b</p>' },
    ]
    const xml = atomFeed({ ...FEED, title: `Feed ${text}`, entries })
    expect([text, faultsOf(xml)]).toEqual([text, []])
    const read = parseXml(xml).children.filter(({ name }) => name === 'entry')
    expect(read).toHaveLength(2)
    // All of it is there, with a sign in the place of each character that XML has not.
    const kept = text.replaceAll(/[\p{Cc}\p{Cs}\uFFFE]/gu, '\uFFFD')
    for (const name of ['title', 'content'])
      expect(read[0]?.children.find((child) => child.name === name)?.text).toBe(kept)
  }
})

test('a feed without an entry is none', () => {
  expect(() => atomFeed({ ...FEED, entries: [] })).toThrow('has no entry')
})

test('a feed that is not valid is seen not to be, by the section that it breaks', () => {
  const entry = { id: 'https://candor.test/x#1', title: 'a', updated: '2026-11-25', html: '<p>a</p>' }
  const xml = atomFeed({ ...FEED, entries: [entry] })
  expect(faultsOf(xml)).toEqual([])
  const broken: [section: string, from: string | RegExp, to: string][] = [
    ['2', 'http://www.w3.org/2005/Atom', 'http://www.w3.org/2005/atom'],
    ['3.1.1', '<title>a</title>', '<title><b>a</b></title>'],
    ['3.2', '<name>Candor</name>', '<uri>https://candor.test</uri>'],
    ['3.3', /<updated>[^<]*<\/updated><link rel="alt/, '<updated>2026-11-25</updated><link rel="alt'],
    ['4.1.1', '<author>', '<subtitle>a</subtitle><subtitle>b</subtitle><author>'],
    ['4.1.1', 'rel="self"', 'rel="related"'],
    ['4.1.2', /<content.*<\/content>/, ''],
    ['4.1.2', '<content', '<rights>a</rights><content'],
    ['4.1.3.1', 'type="html"', 'type="text"'],
    ['4.1.3.3', /<content type="html">[^<]*</, '<content type="html"><p>a</p><'],
    ['4.2.6', '<id>https://candor.test/x#1</id>', '<id>1</id>'],
    ['4.2.6', '<id>https://candor.test/x#1</id>', ''],
    ['4.2.7.1', 'href="https://candor.test/x"', 'href="x y"'],
    ['4.2.7.3', 'type="text/html"', 'type="html"'],
    ['4.2.14', '<title>a</title>', ''],
    ['4.2.15', /<updated>[^<]*<\/updated><author>/, '<author>'],
  ]
  for (const [section, from, to] of broken) {
    const other = xml.replace(from, to)
    expect([section, other === xml]).toEqual([section, false])
    expect([section, faultsOf(other).filter((fault) => fault.endsWith(`(${section})`)).length > 0]).toEqual([
      section,
      true,
    ])
  }
})
