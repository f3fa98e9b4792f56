export interface AtomEntry {
  /** An IRI, for ever the same, and nobody else's. */
  id: string
  title: string
  /** When it last changed in a way that matters: a UTC day, as 2026-11-25, or a moment of RFC 3339 in UTC. */
  updated: string
  /** When it began. */
  published?: string
  /** Where it is read; its id, when that is left out. */
  page?: string
  html: string
}

export interface AtomFeed {
  /** An IRI, for ever the same; where the feed stands, when that is left out. */
  id?: string
  title: string
  subtitle?: string
  /** Where the feed stands. */
  self: string
  /** The page that it is the feed of. */
  page: string
  author: string
  /** When something of it changed that is no entry; what a feed without entries cannot do without. */
  updated?: string
  entries: AtomEntry[]
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for XML 1.0, in an element or an attribute: with U+FFFD for each character that it cannot have. */
export const xmlText = (value: string): string =>
  value
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (sign) => ('\t\n\r'.includes(sign) ? sign : '\uFFFD'))
    .replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '')

const momentOf = (at: string): string => (at.includes('T') ? at : `${at}T00:00:00Z`)

const element = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `<${name}>${xmlText(value)}</${name}>`

const entryOf = ({ id, title, updated, published, page = id, html }: AtomEntry): string =>
  `<entry>${element('id', id)}${element('title', title)}${element('updated', momentOf(updated))}` +
  element('published', published && momentOf(published)) +
  `<link rel="alternate" type="text/html" href="${xmlText(page)}"/><content type="html">${xmlText(html)}</content></entry>`

/**
 * A feed as RFC 4287 has it. Links in its entries count from the page. Throws for a feed that has no entry and says not
 * when it changed.
 */
export function atomFeed(feed: AtomFeed): string {
  const { id, title, subtitle, self, page, author, updated, entries } = feed
  const moments = entries.map((entry) => momentOf(entry.updated))
  const newest = [...moments, ...(updated ? [momentOf(updated)] : [])].toSorted().at(-1)
  if (newest === undefined) throw new Error(`The feed ${self} has no entry.`)
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n' +
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="${xmlText(page)}" xml:lang="en">${element('id', id ?? self)}` +
    element('title', title) +
    element('subtitle', subtitle) +
    element('updated', newest) +
    `<author>${element('name', author)}</author>` +
    `<link rel="self" type="application/atom+xml" href="${xmlText(self)}"/>` +
    `<link rel="alternate" type="text/html" href="${xmlText(page)}"/>${entries.map(entryOf).join('')}</feed>\n`
  )
}
