export interface Rule {
  /** The at-rules around it and its selector. */
  at: string
  declarations: string[]
}

const squeeze = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
const normal = (selector: string) => squeeze(selector).replaceAll(/ ?, ?/g, ',')

/** Where the block ends that begins at `open`. */
function endOf(css: string, open: number): number {
  let depth = 0
  for (let i = open; i < css.length; i++) {
    if (css[i] === '{') depth++
    if (css[i] === '}' && --depth === 0) return i
  }
  throw new Error('A block of the sheet is not closed.')
}

/** The rules of a sheet, flat and in order. Knows what these sheets use: no strings with braces, no nesting of rules. */
export function rulesOf(css: string, around = ''): Rule[] {
  const text = css.replaceAll(/\/\*.*?\*\//gs, '')
  const rules: Rule[] = []
  let from = 0
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
    const end = endOf(text, open)
    const at = `${around}${normal(text.slice(from, open))}`
    const inner = text.slice(open + 1, end)
    if (inner.includes('{')) rules.push(...rulesOf(inner, `${at} `))
    else rules.push({ at, declarations: inner.split(';').map(squeeze).filter(Boolean) })
    from = end + 1
  }
  return rules
}

/** Custom properties of a rule, by name. */
export const tokensOf = (rules: Rule[], at: string): Map<string, string> =>
  new Map(
    rules
      .filter((rule) => rule.at === at)
      .flatMap(({ declarations }) => declarations)
      .filter((declaration) => declaration.startsWith('--'))
      .map((declaration): [string, string] => {
        const colon = declaration.indexOf(':')
        return [declaration.slice(0, colon), declaration.slice(colon + 1).trim()]
      }),
  )
