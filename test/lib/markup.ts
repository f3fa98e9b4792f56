import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

/** Every element of a page, in order, as a browser would make it. Throws for what a parser has to guess at. */
export function elementsOf(html: string): Element[] {
  const wrong: string[] = []
  const document = parse(html, { onParseError: ({ code }) => wrong.push(code) })
  if (wrong.length > 0) throw new Error(`The page is not well-formed: ${wrong.join(', ')}`)
  const found: Element[] = []
  const walk = (node: Node) => {
    if ('tagName' in node) found.push(node)
    if ('childNodes' in node) node.childNodes.forEach(walk)
  }
  walk(document)
  return found
}

export const attributeOf = ({ attrs }: Element, name: string) => attrs.find((one) => one.name === name)?.value

/** Elements with the names of their attributes: what markup a page has, whatever it says. */
export const structureOf = (html: string): string[] =>
  elementsOf(html).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '))

export interface Form {
  method: string
  action: string
  /** Fields that take text, and the others with what they have. */
  texts: string[]
  others: [name: string, value: string][]
}

const TEXTS = ['text', 'url', 'email', 'search', 'number', 'date', 'datetime-local', 'password', 'hidden']

/** The forms of a page; one without an action leads to where the page is. */
export function formsOf(html: string, here: string): Form[] {
  const forms: Form[] = []
  for (const element of elementsOf(html)) {
    const { tagName } = element
    const name = attributeOf(element, 'name')
    const form = forms.at(-1)
    if (tagName === 'form')
      forms.push({
        method: (attributeOf(element, 'method') ?? 'get').toUpperCase(),
        action: attributeOf(element, 'action') ?? here,
        texts: [],
        others: [],
      })
    else if (!form || name === undefined) continue
    else if (tagName === 'textarea' || TEXTS.includes(attributeOf(element, 'type') ?? 'text')) form.texts.push(name)
    else form.others.push([name, attributeOf(element, 'value') ?? ''])
  }
  return forms
}

const ADDRESSES = ['href', 'src', 'action', 'formaction', 'data', 'srcdoc', 'xlink:href']

const isOurScript = (element: Element) => /^\/assets\/[a-z-]+\.js$/.test(attributeOf(element, 'src') ?? '')

/** What of a page would run, or was made of this mark: an element or attribute that bears it, a script, an address. */
export function whatRuns(html: string, mark: string): string[] {
  return elementsOf(html).flatMap((element) => {
    const { tagName, attrs } = element
    const wrong = tagName === 'script' && !isOurScript(element) ? ['a script'] : []
    if (tagName.includes(mark)) wrong.push('an element of the text')
    for (const { name, value } of attrs) {
      if (name.includes(mark)) wrong.push(`an attribute of the text on ${tagName}`)
      if (/^on|^style$/.test(name)) wrong.push(`${name} on ${tagName}`)
      // `data:,` is the icon of a page that has none.
      if (ADDRESSES.includes(name) && /^\s*(?:javascript|vbscript|data):/i.test(value) && value !== 'data:,')
        wrong.push(`${name}="${value.slice(0, 40)}" on ${tagName}`)
    }
    return wrong
  })
}
