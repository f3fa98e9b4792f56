import { Marked, type Token, type Tokens } from 'marked'
import { fail } from './fail.ts'

export interface Markup {
  html: string
  headings: { id: string; text: string; depth: number }[]
}

interface Options {
  /** Before each id, so that several texts can stand on one page. */
  prefix?: string
  /** How many levels deeper the headings go. */
  deeper?: number
  /** What tables are about that no heading stands before. */
  about?: string
  /** Where a relative link leads on the site; null for a file that is not shown there. */
  linkTo: (href: string) => string | null
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

/** What a text says, without its marks. */
export function plainText(tokens: Token[] = []): string {
  return tokens.map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : textOf(token))).join('')
}

const textOf = (token: Token): string => ('text' in token ? String(token.text) : '')

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .trim()
    .replaceAll(/ +/g, '-')

/** The same name once more gets a number. */
function makeUnique() {
  const seen = new Map<string, number>()
  return (name: string, join: (name: string, times: number) => string): string => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : join(name, times)
  }
}

/** An address of a link: a path of the site, a place on the page, or the web. Anything else stops the build. */
function targetOf(href: string, linkTo: Options['linkTo']): string {
  if (/^https?:\/\//.test(href) || href.startsWith('#')) return href
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return fail(`A document links to ${href}, which is no address of the web.`)
  return linkTo(href) ?? fail(`A document links to ${href}, which is not shown on the site.`)
}

const REL = ' rel="noopener noreferrer nofollow"'

/**
 * Markdown of ours as markup for the site. HTML in it is shown as text. Headings have ids; tables have a caption, named
 * column heads and a head in each row, as the pages' own have. Throws for an image and for a link that leads nowhere.
 */
export function renderMarkdown(tokens: Token[], { prefix = '', deeper = 0, about = '', linkTo }: Options): Markup {
  const headings: Markup['headings'] = []
  const unique = makeUnique()
  let caption = about
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escapeHtml(text),
      image: ({ href }) => fail(`A document shows the picture ${href}, which the site has not.`),
      code: ({ text }) => `<pre class="code">${escapeHtml(text)}</pre>\n`,
      link({ href, tokens: inside }) {
        const target = targetOf(href, linkTo)
        const rel = target.startsWith('http') ? REL : ''
        return `<a href="${escapeHtml(target)}"${rel}>${this.parser.parseInline(inside)}</a>`
      },
      heading({ tokens: inside, depth }) {
        const text = plainText(inside)
        const id = prefix + unique(slugOf(text), (name, times) => `${name}-${times}`)
        headings.push({ id, text, depth: depth + deeper })
        caption = text
        return `<h${depth + deeper} id="${id}">${this.parser.parseInline(inside)}</h${depth + deeper}>\n`
      },
      table(token) {
        const name = escapeHtml(unique(`Table: ${caption}`, (one, times) => `${one} (${times})`))
        return tableHtml(token, name, (inside) => this.parser.parseInline(inside))
      },
    },
  })
  return { html: marked.parser(tokens), headings }
}

function tableHtml({ header, rows }: Tokens.Table, name: string, inline: (tokens: Token[]) => string): string {
  const heads = header.map(({ tokens }) => `<th scope="col">${inline(tokens)}</th>`).join('')
  const cell = (tokens: Token[], i: number) =>
    i === 0
      ? `<th scope="row">${inline(tokens)}</th>`
      : `<td data-label="${escapeHtml(plainText(header[i]?.tokens))}">${inline(tokens)}</td>`
  const body = rows.map((row) => `<tr>${row.map(({ tokens }, i) => cell(tokens, i)).join('')}</tr>`).join('')
  return (
    `<section class="scroll" tabindex="0" aria-label="${name}"><table class="stacks">` +
    `<caption class="visually-hidden">${name}</caption><thead><tr>${heads}</tr></thead><tbody>${body}</tbody>` +
    '</table></section>\n'
  )
}

/** The parts of a text: blocks in their order. */
export const parseMarkdown = (text: string): Token[] => new Marked().lexer(text)
