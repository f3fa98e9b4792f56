import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import type { Token } from 'marked'
import type { Documents, Release, ShownDocument } from '../../shared/trust/document.ts'
import { asvsFigures } from './asvs.ts'
import { fail } from './fail.ts'
import { parseMarkdown, plainText, renderMarkdown } from './markdown.ts'
import { ROOT } from './settings.ts'

const TARGET = join(ROOT, 'dist', 'documents.js')

const read = (file: string): Token[] => parseMarkdown(readFileSync(join(ROOT, file), 'utf8'))

/** What the site shows under another address than its name says. */
const PLACES: Record<string, string> = {
  'SECURITY.md': '/security',
  'CHANGELOG.md': '/changelog',
  'docs/adr/README.md': '/docs/adr',
}

const pathOf = (file: string): string => PLACES[file] ?? `/${file.replace(/\.md$/, '')}`

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => `${folder}/${name}`)

/** In the order of the index: for those who use Candor, who run it, who doubt it. Others follow by name. */
const FIRST = ['concepts', 'api-keys', 'roles', 'verification', 'self-hosting', 'threat-model', 'data', 'architecture']

const placeOf = (file: string): number => {
  const place = FIRST.indexOf(basename(file, '.md'))
  return place < 0 ? FIRST.length : place
}

/** Where a link of a file leads. */
const linksOf = (file: string) => (href: string) => {
  const [path = '', place] = href.split('#')
  const target = posix.join(dirname(file), path)
  const shown = target in PLACES || (target.startsWith('docs/') && target.endsWith('.md'))
  if (!shown || !existsSync(join(ROOT, target))) return null
  return place === undefined ? pathOf(target) : `${pathOf(target)}#${place}`
}

const isTitle = (token: Token, depth: number): boolean => token.type === 'heading' && token.depth === depth

/** The title of a document and what is below it. */
function split(tokens: Token[], file: string): { title: string; body: Token[] } {
  const [first] = tokens
  if (first?.type !== 'heading' || first.depth !== 1) return fail(`${file} does not begin with its title.`)
  return { title: plainText(first.tokens), body: tokens.slice(1) }
}

function shown(file: string): ShownDocument {
  const { title, body } = split(read(file), file)
  const { html, headings } = renderMarkdown(body, { about: title, linkTo: linksOf(file) })
  const first = body.find(({ type }) => type === 'paragraph')
  return {
    path: pathOf(file),
    file,
    title,
    lead: first && 'tokens' in first ? plainText(first.tokens).replaceAll('\n', ' ') : '',
    html,
    sections: headings.filter(({ depth }) => depth === 2).map(({ id, text }) => ({ id, text })),
  }
}

/** A document without its title, one level deeper, with ids of its own. */
function part(file: string, { about = '', body = split(read(file), file).body } = {}): string {
  return renderMarkdown(body, { about, deeper: 1, linkTo: linksOf(file) }).html
}

/** What stands under one heading of the second level. */
function under(file: string, heading: string): Token[] {
  const tokens = read(file)
  const from = tokens.findIndex((token) => isTitle(token, 2) && 'text' in token && token.text === heading)
  if (from < 0) return fail(`${file} has nothing under "${heading}".`)
  const length = tokens.slice(from + 1).findIndex((token) => isTitle(token, 2))
  return tokens.slice(from + 1, length < 0 ? undefined : from + 1 + length)
}

/** `[0.1.0] - 2026-11-25`, as Keep a Changelog has it. */
function release(title: string, body: Token[]): Release {
  const [, name, date = null] = /^\[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$/.exec(title) ?? []
  if (name === undefined) return fail(`CHANGELOG.md has a version that is written as "${title}".`)
  const id = name
    .toLowerCase()
    .replace(/^(?=\d)/, 'v')
    .replaceAll('.', '-')
  const linkTo = linksOf('CHANGELOG.md')
  return { id, name, date, html: renderMarkdown(body, { prefix: `${id}-`, linkTo }).html }
}

function releases(): Release[] {
  const tokens = read('CHANGELOG.md')
  const starts = tokens.flatMap((token, i) => (isTitle(token, 2) ? [i] : []))
  return starts.map((start, i) => {
    const title = tokens[start]
    return release(title && 'text' in title ? String(title.text) : '', tokens.slice(start + 1, starts[i + 1]))
  })
}

const THREATS = 'docs/threat-model.md'
const FORGERY = 'Who can forge what'

/** All that the site shows of the repository's files. Throws what has to be put right in one of them. */
export const makeDocuments = (): Documents => ({
  docs: [...filesIn('docs').toSorted((a, b) => placeOf(a) - placeOf(b)), ...filesIn('docs/adr')].map(shown),
  releases: releases(),
  policy: part('SECURITY.md'),
  forgery: part(THREATS, { about: FORGERY, body: under(THREATS, FORGERY) }),
  stored: part('docs/data.md'),
  asvs: asvsFigures(),
})

/**
 * Writes what the Worker's bundle takes in of the documents, so that no renderer ships. Nothing when it is there already:
 * several processes may do this at once.
 */
export function writeDocuments(): void {
  const text = `export const DOCUMENTS = ${JSON.stringify(makeDocuments())}\n`
  if (existsSync(TARGET) && readFileSync(TARGET, 'utf8') === text) return
  mkdirSync(dirname(TARGET), { recursive: true })
  const draft = join(dirname(TARGET), `.${basename(TARGET)}.${process.pid}`)
  writeFileSync(draft, text)
  renameSync(draft, TARGET)
}
