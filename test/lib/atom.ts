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

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** What a feed does against RFC 4287, in words; nothing when it is valid. */
export function faultsOf(xml: string): string[] {
  const feed = parseXml(xml)
  const faults: string[] = []
  const need = (ok: boolean, fault: string) => ok || faults.push(fault)
  const all = (of: Element, name: string) => of.children.filter((child) => child.name === name)
  const checkCommon = (of: Element, what: string) => {
    for (const name of ['id', 'title', 'updated']) need(all(of, name).length === 1, `${what} has not one ${name}`)
    need(URL.canParse(all(of, 'id')[0]?.text ?? ''), `the id of ${what} is no IRI`)
    const updated = all(of, 'updated')[0]?.text ?? ''
    need(MOMENT.test(updated) && !Number.isNaN(Date.parse(updated)), `${what} was updated at no moment`)
    for (const link of all(of, 'link'))
      need(URL.canParse(link.attributes.href ?? ''), `a link of ${what} has no address`)
  }
  need(feed.name === 'feed' && feed.attributes.xmlns === 'http://www.w3.org/2005/Atom', 'it is no feed of Atom')
  checkCommon(feed, 'the feed')
  need(
    all(feed, 'author').some((author) => all(author, 'name')[0]?.text),
    'the feed has no author',
  )
  need(all(feed, 'link').filter(({ attributes }) => attributes.rel === 'self').length === 1, 'it says not where it is')
  const entries = all(feed, 'entry')
  for (const entry of entries) {
    checkCommon(entry, 'an entry')
    need(all(entry, 'content').length === 1, 'an entry has not one content')
    const alternates = all(entry, 'link').filter(({ attributes }) => attributes.rel === 'alternate')
    need(alternates.length === 1, 'an entry has not one page')
  }
  const ids = entries.map((entry) => all(entry, 'id')[0]?.text)
  need(new Set(ids).size === ids.length, 'two entries have one id')
  const newest = entries
    .map((entry) => all(entry, 'updated')[0]?.text ?? '')
    .toSorted()
    .at(-1)
  need(
    newest === undefined || newest <= (all(feed, 'updated')[0]?.text ?? ''),
    'the feed is not as new as its newest entry',
  )
  return faults
}
