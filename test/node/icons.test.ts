import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { shapesModule, shapesOf, sprite } from '../../scripts/lib/sprite.ts'
import { MARKS } from '../../workers/app/pages/components/icon-names.ts'
import { SHAPES } from '../../workers/app/pages/components/shapes.ts'
import { renderAll } from '../pages/render.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const SPRITE = read('static/assets/sprite.svg')
const symbols = [...SPRITE.matchAll(/<symbol id="([^"]+)"/g)].map(([, name = '']) => name)

const pages = renderAll()
const usedIn = (html: string) =>
  [...html.matchAll(/<use href="\/assets\/sprite\.svg#([^"]+)"/g)].map(([, name]) => name)
const inlinedIn = (html: string) =>
  Object.entries(SHAPES).flatMap(([name, shapes]) => (html.includes(shapes) ? [name] : []))
const isOneRequest = (html: string) => html.includes('<style>')

describe('the icons', () => {
  test('are what their packages have, in the sprite and for the pages that are one request', () => {
    expect(SPRITE).toBe(sprite())
    expect(read('workers/app/pages/components/shapes.ts')).toBe(shapesModule())
    expect(symbols).toEqual([...Object.keys(SHAPES), ...Object.keys(MARKS)])
  })

  test('come with the licence of whoever drew them', () => {
    const licence = read('node_modules/lucide-static/LICENSE')
    expect(licence).toContain('above\ncopyright notice and this permission notice appear in all copies')
    expect(SPRITE).toContain(licence.trim().replace('---', '-'))
  })

  test('are at most 6 KB', () => {
    expect(brotliCompressSync(SPRITE).length).toBeLessThanOrEqual(6 * 1024)
  })

  test('are shapes: nothing of the sprite runs, is styled, leads or asks anywhere', () => {
    const shown = SPRITE.replace(/<!--.*?-->/s, '')
    const tags = new Set([...shown.matchAll(/<([a-z]+)/g)].map(([, tag = '']) => tag))
    expect([...tags].filter((tag) => !['svg', 'symbol', 'path', 'circle', 'rect', 'line'].includes(tag))).toEqual([])
    expect(shown).not.toMatch(/ (?:on[a-z]+|style|href|xlink:href)=|url\(|<!|<\?|&/)
  })

  test('of a package that are more than shapes are not taken', () => {
    const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${inside}</svg>`
    expect(shapesOf(svg('<title>Dot</title><path d="M1 1h.1" />'), 'dot')).toBe('<path d="M1 1h.1"/>')
    for (const inside of [
      '<path d="M1 1"/><script>alert(1)</script>',
      '<path d="M1 1" onclick="alert(1)"/>',
      '<path d="M1 1" fill="url(https://x.test)"/>',
      '<a href="https://x.test"><path d="M1 1"/></a>',
      '<path d="M1 1" style="fill:red"/>',
      '',
    ])
      expect(() => shapesOf(svg(inside), 'bad')).toThrow('The icon bad is not made of shapes alone.')
  })
})

describe('an icon on a page', () => {
  test('is one of the sprite, and each of the sprite is on some page', () => {
    const used = new Set(pages.flatMap(([, html]) => [...usedIn(html), ...inlinedIn(html)]))
    expect([...used].filter((name) => !symbols.includes(name ?? ''))).toEqual([])
    expect(symbols.filter((name) => !used.has(name))).toEqual([])
  })

  test('comes from the sprite, unless the page is one request: that has the shapes of its own icons and no others', () => {
    const known = new Set<string>(Object.values(SHAPES))
    for (const [, html] of pages) {
      const icons = [...html.matchAll(/<svg class="icon"[^>]*>(.*?)<\/svg>/g)].map(([, inside = '']) => inside)
      const isRight = (inside: string) =>
        isOneRequest(html) ? known.has(inside) : /^<use href="\/assets\/sprite\.svg#\w+"><\/use>$/.test(inside)
      expect(icons.filter((inside) => !isRight(inside))).toEqual([])
      if (isOneRequest(html)) expect(html).not.toMatch(/<use|<symbol|sprite/)
    }
    const [, up = ''] = pages.find(([name]) => name === 'status-up') ?? []
    expect(inlinedIn(up)).toEqual(['up', 'rss'])
  })

  test('says by whom one signs in, with a mark where the provider has one', () => {
    const [, html = ''] = pages.find(([name]) => name === 'sign-in') ?? []
    expect(usedIn(html)).toEqual(['github', 'google'])
    const [, other = ''] = pages.find(([name]) => name === 'sign-in-failed') ?? []
    expect(usedIn(other)).toEqual(['github', 'google', 'signIn'])
    const [, linking = ''] = pages.find(([name]) => name === 'sign-in-known') ?? []
    expect(usedIn(linking)).toEqual(['github', 'github', 'google'])
  })
})
