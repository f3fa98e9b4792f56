import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast } from '../../shared/domain/contrast.ts'
import { colourOf, SHAPE_PAIRS, TEXT_PAIRS } from '../../workers/app/pages/design/colours.ts'
import { htmlFaults } from '../lib/html-rules.ts'
import { renderDesign } from '../pages/design.tsx'
import { textOf } from '../pages/render.ts'

const PAGES = new URL('../../workers/app/pages/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, PAGES), 'utf8')
const filesIn = (folder: string) => readdirSync(new URL(folder, PAGES)).map((name) => `${folder}${name}`)

const SHEET = readFileSync(new URL('../../static/assets/app.css', import.meta.url), 'utf8')
const html = renderDesign(SHEET)
const sources = [...filesIn('design/'), 'design.tsx', 'status-page.tsx'].map(read).join('\n')

/** What a file gives to others that makes markup: it has a capital letter, and is no constant. */
const componentsOf = (source: string) =>
  [...source.matchAll(/^export (?:const|function) ([A-Z][A-Za-z]*[a-z][A-Za-z]*)\b/gm)].map(([, name = '']) => name)

describe('the page of the components', () => {
  const files = filesIn('components/').filter((path) => path.endsWith('.tsx'))
  test.each(files)('shows all of %s', (path) => {
    const source = read(path)
    const components = componentsOf(source)
    // Not a component by itself: a part of some.
    const others = /^export const (?:columnsFor|\w+Time)\b/m.test(source)
    expect(components.length > 0 || others).toBe(true)
    for (const name of components) expect(sources).toMatch(new RegExp(`<${name}\\b`))
  })

  test('is valid HTML', () => {
    expect(htmlFaults(html)).toEqual([])
  })

  test('shows each of its parts in both themes, and leads to it', () => {
    const links = [...html.matchAll(/<a href="#([\w-]+)">/g)].map(([, id]) => id)
    const themes = [...html.matchAll(/<div class="theme stack" data-theme="(\w+)">/g)].map(([, theme]) => theme)
    const parts = [...html.matchAll(/<section class="stack" aria-labelledby="([\w-]+)">/g)].map(([, id]) => id)
    const own = parts.filter((id) => !/-(?:light|dark)$/.test(id ?? ''))
    expect(own.length).toBeGreaterThan(20)
    expect(links.slice(0, own.length)).toEqual(own)
    expect(themes).toEqual(own.flatMap(() => ['light', 'dark']))
  })

  test('says of each pair of colours what it is in each theme, as the sheet has it', () => {
    const text = textOf(html)
    for (const theme of ['light', 'dark'] as const)
      for (const [colour, ground] of [...TEXT_PAIRS, ...SHAPE_PAIRS]) {
        const ratio = contrast(colourOf(SHEET, colour, theme), colourOf(SHEET, ground, theme))
        expect(text).toContain(`${colour} on ${ground} ${ratio.toFixed(1)} : 1`)
      }
  })

  test('names nothing twice, and every name that is used is there', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    const used = [...html.matchAll(/ (?:for|aria-labelledby|aria-describedby)="([^"]*)"| href="#([^"]*)"/g)]
    const wanted = used.flatMap(([, names, target]) => (names ?? target ?? '').split(' '))
    expect(wanted.length).toBeGreaterThan(50)
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
  })

  test('is made of classes alone: no style of its own, no script, nothing from elsewhere', () => {
    expect(html).not.toMatch(/<script|<style|<[^>]+ (?:style|on[a-z]+|src)=/i)
    for (const [, href = ''] of html.matchAll(/<(?:link|use)[^>]* href="([^"]*)"/g)) expect(href).toMatch(/^\/assets\//)
  })
})
