const SURFACES = ['surface', 'surface-raised', 'surface-hover']
const STATES = ['up', 'degraded', 'down']

/** A colour on the one below it, each by its token. */
export type Pair = [colour: string, ground: string]

/** Text and what it stands on: at least 4.5 to 1. */
export const TEXT_PAIRS: Pair[] = [
  ...[...SURFACES, 'surface-sunken'].flatMap((ground): Pair[] => [
    ['text', ground],
    ['text-muted', ground],
    ['link', ground],
  ]),
  ...STATES.map((state): Pair => [`${state}-text`, `${state}-tint`]),
  ['down-text', 'surface'],
  ['text-on-solid', 'text'],
  ['text-on-solid', 'down'],
]

/** Controls, marks and lines that say something: at least 3 to 1. */
export const SHAPE_PAIRS: Pair[] = [
  ...['surface', 'surface-raised'].flatMap((ground) =>
    [...STATES, 'no-data', 'latency', 'line-control', 'focus'].map((shape): Pair => [shape, ground]),
  ),
  ...STATES.map((state): Pair => [state, `${state}-tint`]),
  ['up', 'down-tint'],
  ['latency', 'down-tint'],
]

export type Theme = 'light' | 'dark'

/** A token of the sheet in one theme. */
export function colourOf(sheet: string, name: string, theme: Theme): string {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(sheet) ?? []
  const found = theme === 'light' ? light : dark
  if (!found) throw new Error(`--${name} has no colour for the ${theme} theme.`)
  return found
}

/** Tokens of the sheet that begin so, with what they are. */
export const lengthsOf = (sheet: string, prefix: string): [name: string, value: string][] => [
  ...new Map(
    [...sheet.matchAll(new RegExp(`(--${prefix}[a-z0-9]+): (\\d[^;]*);`, 'g'))].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  ),
]
