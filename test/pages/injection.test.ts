import { describe, expect, test } from 'vitest'
import { pathWith, SafeLink } from '../../workers/app/pages/components/link.tsx'
import { Dashboard } from '../../workers/app/pages/shells.tsx'
import { structureOf } from '../lib/markup.ts'
import { OWNER, own } from './fixtures.ts'
import { PAYLOADS } from './payloads.ts'
import { renderAll } from './render.ts'

describe.each(PAYLOADS)('what people type, as in %s', (payload) => {
  const clean = new Map(renderAll(() => 'x'))
  const hostile = renderAll(() => payload)

  test.each(hostile)('stays text on the page %s', (name, html) => {
    const before = clean.get(name)
    if (before === undefined) throw new Error('The page is not there without the payload.')
    // The same elements in the same order, each with the same attributes: nothing that was typed became markup.
    expect(structureOf(html)).toEqual(structureOf(before))
    expect(html).not.toContain(payload)
  })
})

test('an address that somebody typed becomes a link only when it is http or https', () => {
  const link = (href: string) => String(SafeLink({ href, children: 'there' }))
  expect(link('https://acme.test/?a=1&b=2')).toContain('href="https://acme.test/?a=1&amp;b=2"')
  expect(link('HTTP://acme.test')).toContain('href=')
  for (const href of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//acme.test',
    '',
  ])
    expect(link(href)).not.toContain('<a')
})

test('what stands in a query cannot leave it', () => {
  expect(pathWith('/audit-logs', { actor: 'a&b=c#d', entity: '', action: undefined })).toBe(
    '/audit-logs?actor=a%26b%3Dc%23d',
  )
  expect(pathWith('/monitors', {})).toBe('/monitors')
})

test('no page links to a javascript address, whatever is typed', () => {
  for (const [, html] of renderAll(() => 'javascript:alert(1)'))
    expect(html).not.toMatch(/(?:href|action)="\s*javascript:/i)
})

test('the name of a workspace is escaped in the title too', () => {
  const viewer = { workspaceName: '</title><b>', personName: '', own: own(String), may: OWNER }
  const html = String(Dashboard({ title: 'Monitors', viewer, current: '/monitors' }))
  expect(html).toContain('<title>Monitors · &lt;/title&gt;&lt;b&gt; · Candor</title>')
})
