export interface AtomEntry {
  /** For ever the same, and nobody else's: the address of the entry. */
  id: string
  title: string
  /** A UTC day, as 2026-11-25. */
  day: string
  html: string
}

export interface AtomFeed {
  title: string
  /** Where the feed stands. */
  self: string
  /** The page that it is the feed of. */
  page: string
  author: string
  entries: AtomEntry[]
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for XML 1.0: without the characters that it cannot have. */
const text = (value: string): string =>
  value
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (sign) => ('\t\n\r'.includes(sign) ? sign : ''))
    .replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '')

const momentOf = (day: string): string => `${day}T00:00:00Z`

const entryOf = ({ id, title, day, html }: AtomEntry): string =>
  `<entry><id>${text(id)}</id><title>${text(title)}</title><updated>${momentOf(day)}</updated>` +
  `<link rel="alternate" type="text/html" href="${text(id)}"/><content type="html">${text(html)}</content></entry>`

/** A feed as RFC 4287 has it. Links in its entries count from the page. Throws for a feed without an entry. */
export function atomFeed({ title, self, page, author, entries }: AtomFeed): string {
  const days = entries.map(({ day }) => day).toSorted()
  const newest = days.at(-1)
  if (newest === undefined) throw new Error(`The feed ${self} has no entry.`)
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n' +
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="${text(page)}" xml:lang="en"><id>${text(self)}</id>` +
    `<title>${text(title)}</title><updated>${momentOf(newest)}</updated><author><name>${text(author)}</name></author>` +
    `<link rel="self" type="application/atom+xml" href="${text(self)}"/>` +
    `<link rel="alternate" type="text/html" href="${text(page)}"/>${entries.map(entryOf).join('')}</feed>\n`
  )
}
