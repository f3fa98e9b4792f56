import { describe, expect, test } from 'vitest'
import { htmlFaults } from '../lib/html-rules.ts'
import { countOf, renderAll, textOf, withoutStyles } from './render.ts'

const pages = renderAll()

describe.each(pages)('the page %s', (_name, html) => {
  test('is valid HTML, with nothing that html-validate advises against', () => {
    expect(htmlFaults(html)).toEqual([])
  })

  test('has one main heading, one main part that the skip link leads to, and a title', () => {
    expect(countOf(html, /<h1[ >]/g)).toBe(1)
    expect(countOf(html, /<main id="main"/g)).toBe(1)
    expect(html).toContain('href="#main"')
    expect(countOf(html, /<title>[^<]+<\/title>/g)).toBe(1)
    expect(html).toMatch(/^<!doctype html><html lang="en">/)
  })

  test('carries no script, no inline style and nothing from another origin', () => {
    const scripts = [...html.matchAll(/<script.*?<\/script>/gis)].map(([tag]) => tag)
    // The audit log keeps its head in the browser, where scripts run.
    expect(scripts).toEqual(html.includes('data-log=') ? ['<script src="/assets/audit-log.js" defer=""></script>'] : [])
    expect(html).not.toMatch(/<[^>]+ style=/i)
    expect(html).not.toMatch(/<[^>]+ on[a-z]+=/i)
    expect(html).not.toMatch(/<(?:img|iframe|object|embed|video|audio|base)[ >]/i)
    expect(html.replace(scripts[0] ?? '', '')).not.toMatch(/ src=/i)
    const links = [...html.matchAll(/<link[^>]+href="([^"]*)"/g)].filter(([tag]) => !tag.includes('rel="alternate"'))
    expect(links.map(([, href]) => href)).toEqual(
      html.includes('<style>') ? ['data:,'] : ['/assets/app.css', '/assets/icon.svg'],
    )
  })

  test('says every status, badge and banner with a word and a shape', () => {
    const marks = [...withoutStyles(html).matchAll(/<(span|div) class="(?:status|badge|banner)"[^>]*>(.*?)<\/\1>/gs)]
    for (const [, , inside = ''] of marks) {
      expect(inside).toMatch(/^<svg class="icon"/)
      expect(textOf(inside).trim()).toMatch(/\p{L}{2}/u)
    }
  })

  test('hides every icon from those who are read to, and names every picture', () => {
    for (const [svg] of html.matchAll(/<svg[^>]*>/g))
      expect(svg).toMatch(/aria-hidden="true"|role="img" aria-label="[^"]+"/)
  })

  test('names every table and its columns and rows', () => {
    expect(countOf(html, /<table/g)).toBe(countOf(html, /<table[^>]*><caption[^>]*>[^<]+<\/caption>/g))
    for (const [cell] of html.matchAll(/<th[ >][^>]*>?/g)) expect(cell).toMatch(/scope="(?:col|row)"/)
  })

  test('labels every field, and every description and link within the page has its target', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, wanted = ''] of html.matchAll(/ (?:for|aria-describedby|aria-labelledby|href)="(?:#)?([^"/:?]*)"/g))
      for (const id of wanted.split(' ').filter(Boolean)) expect(ids).toContain(id)
    for (const [field] of html.matchAll(/<(?:input(?! type="hidden")|select|textarea)[^>]*>/g)) {
      const id = / id="([^"]*)"/.exec(field)?.[1]
      expect(html).toContain(`for="${id}"`)
    }
  })

  test('writes UTC beside every time of day', () => {
    for (const [, inside = ''] of html.matchAll(/<time[^>]*>(.*?)<\/time>/gs))
      if (/\d:\d/.test(inside)) expect(inside).toContain('UTC')
  })

  test('has at most one primary button', () => {
    expect(countOf(html, /class="[^"]*btn-primary/g)).toBeLessThanOrEqual(1)
  })
})

test('every page that is public leads to what Candor says about itself; a customer’s status page is their own', () => {
  const outside = pages.filter(([, html]) => !html.includes('aria-label="Main"') && !html.includes('<style>'))
  expect(outside.map(([name]) => name)).toEqual(
    expect.arrayContaining(['landing', 'sign-in', 'error', 'security', 'docs']),
  )
  for (const [, html] of outside) {
    const [, foot = ''] = /<footer class="site-foot">(.*?)<\/footer>/s.exec(html) ?? []
    expect([...foot.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      '/security',
      '/privacy',
      '/subprocessors',
      '/changelog',
      '/docs',
    ])
  }
})

test('a form that was refused says so in its title, keeps what was typed and links each mistake to its field', () => {
  const refused = pages.filter(([name]) => name.endsWith('-refused'))
  expect(refused.length).toBeGreaterThan(5)
  for (const [, html] of refused) {
    expect(html).toMatch(/<title>Error: /)
    const [, summary = ''] = /<section class="summary[^>]*>(.*?)<\/section>/s.exec(html) ?? []
    for (const [, id] of summary.matchAll(/href="#([^"]+)"/g)) {
      expect(html).toMatch(new RegExp(`<(?:input|select|textarea)[^>]* id="${id}"|<fieldset[^>]* id="${id}"`))
      expect(html).toContain(`id="${id}-error"`)
    }
    expect(html).toMatch(/aria-invalid="true"|<fieldset[^>]*data-error/)
  }
  const [, form = ''] = refused.find(([name]) => name === 'monitor-form-refused') ?? []
  expect(form).toContain('value="ftp://acme"')
  expect(form).toContain('Bad Header')
})

test('a page without anything on it says what to do next, with the button', () => {
  for (const name of ['monitors-none', 'integrations-none', 'status-pages-none', 'api-keys-none', 'incidents-none']) {
    const [, html = ''] = pages.find(([found]) => found === name) ?? []
    expect(html).toMatch(/<section class="empty[^>]*>.*<a class="btn/s)
  }
})

test('a secret that is set is shown as a fingerprint, and no field holds one', () => {
  const [, monitor = ''] = pages.find(([name]) => name === 'monitor') ?? []
  expect(textOf(monitor)).toContain('set · fingerprint ab12cd34')
  const [, form = ''] = pages.find(([name]) => name === 'monitor-form') ?? []
  expect(form).toMatch(/<textarea[^>]*name="headers"[^>]*><\/textarea>/)
})
