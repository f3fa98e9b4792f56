/** An element of XML, with what is in it. */
export interface Element {
  name: string
  attributes: Record<string, string>
  text: string
  children: Element[]
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text of XML: no bare `&`, no entity but the five of XML, no character that XML 1.0 has not. */
function textOf(raw: string): string {
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(raw)) throw new Error('A character is not XML.')
  return raw.replaceAll(/&([^;\s]*;?)/g, (_, name: string) => {
    const sign = ENTITIES[name.replace(/;$/, '')]
    if (!name.endsWith(';') || sign === undefined) throw new Error(`&${name} is no entity of XML.`)
    return sign
  })
}

function attributesOf(raw: string): Record<string, string> {
  const found: Record<string, string> = {}
  const rest = raw.replaceAll(/\s+([A-Za-z][\w:.-]*)="([^"<]*)"/g, (_, name: string, value: string) => {
    if (name in found) throw new Error(`The attribute ${name} stands twice.`)
    found[name] = textOf(value)
    return ''
  })
  if (rest.trim() !== '') throw new Error(`${rest} is no attribute.`)
  return found
}

/** A document of XML, strictly: what a feed of ours may be made of, and nothing looser. Throws for everything else. */
export function parseXml(xml: string): Element {
  const body = /^<\?xml version="1\.0" encoding="utf-8"\?>\n(<.*>)\n$/s.exec(xml)?.[1]
  if (body === undefined) throw new Error('It is no document of XML.')
  const root: Element = { name: '', attributes: {}, text: '', children: [] }
  const open = [root]
  for (const [, end, name = '', attributes = '', empty, text] of body.matchAll(
    /<(\/?)([A-Za-z][\w:.-]*)([^<>]*?)(\/?)>|([^<]+)|</g,
  )) {
    const here = open.at(-1)
    if (!here) throw new Error('Something stands behind the end.')
    if (text !== undefined) here.text += textOf(text)
    else if (name === '') throw new Error('A < stands alone.')
    else if (end) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends nothing.`)
    } else {
      const element = { name, attributes: attributesOf(attributes), text: '', children: [] }
      here.children.push(element)
      if (!empty) open.push(element)
    }
  }
  const [only, ...more] = root.children
  if (open.length !== 1 || !only || more.length > 0) throw new Error('It has not one root.')
  return only
}

/** RFC 4287, 3.3: RFC 3339, with an upper-case T and Z. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const MEDIA_TYPE = /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+$/

const all = (of: Element, name: string) => of.children.filter((child) => child.name === name)
const texts = (of: Element, name: string) => all(of, name).map(({ text }) => text)
const isMoment = (text: string) => MOMENT.test(text) && !Number.isNaN(Date.parse(text))
const links = (of: Element, rel: string) =>
  all(of, 'link').filter(({ attributes }) => (attributes.rel ?? 'alternate') === rel)
const isTwice = (values: string[]) => new Set(values).size !== values.length

type Rule = [section: string, what: string, holds: (of: Element) => boolean]

/** What a feed and an entry have in common. */
const COMMON: Rule[] = [
  ['4.2.6', 'exactly one id', (of) => all(of, 'id').length === 1],
  ['4.2.6', 'an id that is an absolute IRI', (of) => texts(of, 'id').every((id) => URL.canParse(id))],
  ['4.2.14', 'exactly one title', (of) => all(of, 'title').length === 1],
  ['4.2.15', 'exactly one moment at which it was updated', (of) => all(of, 'updated').length === 1],
  ['3.3', 'moments of RFC 3339', (of) => [...texts(of, 'updated'), ...texts(of, 'published')].every(isMoment)],
  [
    '4.2.7.1',
    'links with an address',
    (of) => all(of, 'link').every(({ attributes }) => URL.canParse(attributes.href ?? '')),
  ],
  [
    '4.2.7.3',
    'links whose type is a media type',
    (of) => all(of, 'link').every(({ attributes }) => MEDIA_TYPE.test(attributes.type ?? 'text/html')),
  ],
  [
    '4.1.1, 4.1.2',
    'no two pages of one type and language',
    (of) => !isTwice(links(of, 'alternate').map(({ attributes }) => `${attributes.type} ${attributes.hreflang}`)),
  ],
  [
    '3.1.1',
    'titles of plain text, without elements',
    (of) => all(of, 'title').every(({ children }) => children.length === 0),
  ],
  [
    '3.2',
    'authors with exactly one name, and no element besides',
    (of) =>
      all(of, 'author').every(
        (author) =>
          texts(author, 'name').length === 1 &&
          author.children.every(({ name }) => ['name', 'uri', 'email'].includes(name)),
      ),
  ],
]

const FEED: Rule[] = [
  [
    '2',
    'the namespace of Atom',
    ({ name, attributes }) => name === 'feed' && attributes.xmlns === 'http://www.w3.org/2005/Atom',
  ],
  ...COMMON,
  [
    '4.1.1',
    'an author, since its entries have none',
    (feed) => texts(feed, 'author').length > 0 && all(feed, 'author').every((one) => texts(one, 'name')[0]),
  ],
  ['4.1.1', 'at most one subtitle', (feed) => all(feed, 'subtitle').length <= 1],
  ['4.1.1', 'a link to itself', (feed) => links(feed, 'self').length === 1],
  [
    '4.1.1',
    'no element but those of a feed',
    ({ children }) =>
      children.every(({ name }) => ['id', 'title', 'subtitle', 'updated', 'author', 'link', 'entry'].includes(name)),
  ],
  [
    '4.1.1',
    'no two entries with one id and one moment',
    (feed) => !isTwice(all(feed, 'entry').map((one) => `${texts(one, 'id')} ${texts(one, 'updated')}`)),
  ],
  // Beyond the RFC: an entry is not sent twice, and the feed is as new as what is in it.
  ['4.2.6', 'no two entries with one id', (feed) => !isTwice(all(feed, 'entry').flatMap((one) => texts(one, 'id')))],
  [
    '4.2.15',
    'nothing in it that is newer than itself',
    (feed) => all(feed, 'entry').every((one) => (texts(one, 'updated')[0] ?? '') <= (texts(feed, 'updated')[0] ?? '')),
  ],
]

const ENTRY: Rule[] = [
  ...COMMON,
  ['4.1.2', 'at most one content, and here exactly one', (entry) => all(entry, 'content').length === 1],
  ['4.1.2', 'at most one moment at which it was published', (entry) => all(entry, 'published').length <= 1],
  [
    '4.1.3.1',
    'content of type html',
    (entry) => all(entry, 'content').every(({ attributes }) => attributes.type === 'html'),
  ],
  [
    '4.1.3.3',
    'html that is text, without elements',
    (entry) => all(entry, 'content').every(({ children }) => children.length === 0),
  ],
  ['4.1.2', 'a page', (entry) => links(entry, 'alternate').length === 1],
  [
    '4.1.2',
    'no element but those of an entry',
    ({ children }) =>
      children.every(({ name }) => ['id', 'title', 'updated', 'published', 'author', 'link', 'content'].includes(name)),
  ],
]

/** What a feed does against RFC 4287, with the section that says so; nothing when it is valid. */
export function faultsOf(xml: string): string[] {
  const feed = parseXml(xml)
  const broken = (rules: Rule[], what: string, of: Element) =>
    rules.filter(([, , holds]) => !holds(of)).map(([section, wanted]) => `${what} has to have ${wanted} (${section})`)
  return [...broken(FEED, 'the feed', feed), ...all(feed, 'entry').flatMap((entry) => broken(ENTRY, 'an entry', entry))]
}
