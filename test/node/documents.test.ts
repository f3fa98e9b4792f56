import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeDocuments } from '../../scripts/lib/documents.ts'
import { parseMarkdown, renderMarkdown } from '../../scripts/lib/markdown.ts'
import { ROOT } from '../../scripts/lib/settings.ts'

const KNOWN: Record<string, string> = { 'data.md': '/docs/data' }
const render = (text: string, options = {}) =>
  renderMarkdown(parseMarkdown(text), { linkTo: (href) => KNOWN[href] ?? null, ...options })

describe('Markdown of ours becomes markup', () => {
  test('in which HTML is text', () => {
    for (const text of [
      '<script>alert(1)</script>',
      'a <b onclick="x">b</b>',
      '<!-- x -->',
      '`<i>`',
      '```\n<u>\n```',
      '[<s>](data.md)',
    ])
      expect(render(text).html.replaceAll(/<\/?(?:p|code|pre|a)(?: [^>]*)?>/g, '')).not.toContain('<')
  })

  test('with links to the web, to other documents and within the page, and to nothing else', () => {
    expect(render('[a](https://acme.test/?a=1&b="2")').html).toContain(
      '<a href="https://acme.test/?a=1&amp;b=&quot;2&quot;" rel="noopener noreferrer nofollow">',
    )
    expect(render('[a](data.md)').html).toContain('<a href="/docs/data">a</a>')
    expect(render('[a](#b)').html).toContain('<a href="#b">a</a>')
    for (const href of ['javascript:alert(1)', 'JAVASCRIPT:x', 'data:text/html,x', 'mailto:a@b.c', 'vbscript:x'])
      expect(() => render(`[a](${href})`)).toThrow('no address of the web')
    for (const href of ['none.md', '//acme.test', '/etc/passwd', '../x'])
      expect(() => render(`[a](${href})`)).toThrow('not shown')
  })

  test('without pictures, which the site would have to serve', () => {
    expect(() => render('![a](b.png)')).toThrow('picture')
  })

  test('with an id for each heading, each its own, deeper where the page asks for it', () => {
    const { html, headings } = render('# What is `it`?\n\n## Who\n\n## Who', { prefix: 'x-', deeper: 1 })
    expect(headings.map(({ id, depth }) => [id, depth])).toEqual([
      ['x-what-is-it', 2],
      ['x-who', 3],
      ['x-who-2', 3],
    ])
    expect(html).toContain('<h3 id="x-who-2">Who</h3>')
  })

  test('with tables that have a name of their own, column heads and a head in each row', () => {
    const table = '| a | "b" |\n|---|---|\n| 1 | `2` |\n'
    const { html } = render(`# Who & what\n\n${table}\n${table}`)
    const names = [...html.matchAll(/aria-label="([^"]*)"/g)].map(([, name]) => name)
    expect(names).toEqual(['Table: Who &amp; what', 'Table: Who &amp; what (2)'])
    expect(html).toContain('<th scope="row">1</th><td data-label="&quot;b&quot;"><code>2</code></td>')
    expect(html.match(/<th scope="col">/g)).toHaveLength(4)
  })
})

describe('the documents of the site', () => {
  const documents = makeDocuments()

  test('are all files of docs/ and docs/adr/, whole', () => {
    const files = ['docs', 'docs/adr'].flatMap((folder) =>
      readdirSync(join(ROOT, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`),
    )
    expect(documents.docs.map(({ file }) => file).toSorted()).toEqual(files.toSorted())
    expect(new Set(documents.docs.map(({ path }) => path)).size).toBe(files.length)
    for (const { file, html, title, lead } of documents.docs) {
      const headings = parseMarkdown(readFileSync(join(ROOT, file), 'utf8')).filter(({ type }) => type === 'heading')
      expect([file, html.match(/<h\d/g)?.length ?? 0]).toEqual([file, headings.length - 1])
      expect([title, lead]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)])
    }
  })

  test('have every version of CHANGELOG.md, with the day of each that is released', () => {
    const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
    const versions = [...text.matchAll(/^## \[(.+?)\]/gm)].map(([, name]) => name)
    expect(documents.releases.map(({ name }) => name)).toEqual(versions)
    for (const { name, date, html } of documents.releases) {
      expect(date === null).toBe(name === 'Unreleased')
      expect(html).toContain('<li>')
    }
    const lines = parseMarkdown(text).flatMap((token) => (token.type === 'list' && 'items' in token ? token.items : []))
    const shown = documents.releases.map(({ html }) => html).join('')
    expect(shown.match(/<li>/g)).toHaveLength(lines.length)
    expect(lines.length).toBeGreaterThan(50)
  })

  test('have the rules for reports, and the part about forging up to the next heading', () => {
    for (const id of [
      'report-a-vulnerability',
      'what-happens-then',
      'scope',
      'safe-harbour',
      'test-on-your-own-instance',
    ])
      expect(documents.policy).toContain(`<h3 id="${id}">`)
    expect(documents.forgery).toContain('the right to run DDL on D1')
    expect(documents.forgery).toContain('binds an operator who has everything')
    expect(documents.forgery).not.toContain('What an attack costs us')
  })
})

test('README names each kind of thing that the API has, and each thing that can be done to it', () => {
  const services = join(ROOT, 'workers', 'app', 'services')
  const sources = readdirSync(services, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(services, name), 'utf8'))
  const routes = sources.flatMap((source) => [...source.matchAll(/^ {2}route: '[A-Z]+ \/v1([^']+)'/gm)])
  expect(routes.length).toBeGreaterThan(40)
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const table = /\| path under `\/v1` .*?\n\n/s.exec(readme)?.[0] ?? expect.unreachable()
  const words = routes.flatMap(([, path = '']) => path.replace(/\/tile\/.*/, '/tile').match(/\/[a-z-]+/g) ?? [])
  expect([...new Set(words)].filter((word) => !table.includes(word))).toEqual([])
})
