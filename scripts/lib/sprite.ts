import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LUCIDE, MARKS } from '../../workers/app/pages/components/icon-names.ts'
import { fail } from './fail.ts'
import { ROOT } from './settings.ts'

const MODULES = join(ROOT, 'node_modules')

/** Shapes, and nothing that runs, links or asks for anything. */
const SHAPE = /^<(?:path|circle|ellipse|line|rect|polyline|polygon)(?: [a-z0-9]+="[A-Za-z0-9 .,-]*")+ ?\/>$/

/** The shapes of an icon of a package, without the picture around them. */
export function shapesOf(svg: string, name: string): string {
  const [, inside = ''] = /<svg[^>]* viewBox="0 0 24 24"[^>]*>(.*)<\/svg>/s.exec(svg) ?? []
  const shapes = inside.replace(/<title>[^<]*<\/title>/, '').match(/<[^>]*>/g) ?? []
  if (shapes.length === 0 || !shapes.every((shape) => SHAPE.test(shape)))
    return fail(`The icon ${name} is not made of shapes alone.`)
  return shapes.map((shape) => shape.replace(' />', '/>')).join('')
}

const shapesIn = (folder: string, names: Record<string, string>): [name: string, shapes: string][] =>
  Object.entries(names).map(([name, file]) => [
    name,
    shapesOf(readFileSync(join(MODULES, folder, `${file}.svg`), 'utf8'), file),
  ])

const lucide = () => shapesIn('lucide-static/icons', LUCIDE)

/** A comment ends at two hyphens. */
const inComment = (text: string) => text.trim().replaceAll(/-{2,}/g, '-')

const NOTICE = `Made by scripts/lib/sprite.ts of the packages lucide-static and simple-icons.

GitHub and Google are marks of their owners, from Simple Icons (CC0 1.0): they say by whom somebody signs in, and nothing
else. The other icons are Lucide's:

`

const LINES =
  'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" viewBox="0 0 24 24"'
const SOLID = 'fill="currentColor" viewBox="0 0 24 24"'

const symbols = (icons: [name: string, shapes: string][], how: string) =>
  icons.map(([name, shapes]) => `<symbol id="${name}" ${how}>${shapes}</symbol>\n`).join('')

/** All icons of the pages in one file, which a browser asks for once. */
export function sprite(): string {
  const licence = readFileSync(join(MODULES, 'lucide-static', 'LICENSE'), 'utf8')
  const marks = shapesIn('simple-icons/icons', MARKS)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg">\n<!--\n${inComment(NOTICE + licence)}\n-->\n` +
    `${symbols(lucide(), LINES)}${symbols(marks, SOLID)}</svg>\n`
  )
}

/** The same shapes for pages that are one request. */
export function shapesModule(): string {
  const lines = lucide().map(([name, shapes]) => `  ${name}: '${shapes}',\n`)
  return (
    '// Made by scripts/lib/sprite.ts (npm run assets) of the package lucide-static. Its licence: static/assets/sprite.svg\n' +
    `export const SHAPES = {\n${lines.join('')}} as const\n`
  )
}
