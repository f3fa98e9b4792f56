import { raw } from 'hono/html'
import { type Child, createContext, useContext } from 'hono/jsx'
import type { IconName } from './icon-names.ts'
import { SHAPES } from './shapes.ts'

/** How lines are drawn whose shapes stand in the page itself: as in the sprite. */
const LINES = {
  viewBox: '0 0 24 24',
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '2',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const

const Inlined = createContext(false)

/** A page that is one request: it has the shapes of its icons, and no others. */
export const InlineIcons = ({ children }: { children?: Child }) => (
  <Inlined.Provider value={true}>{children}</Inlined.Provider>
)

/** Always beside a word: it says nothing by itself. */
export function Icon({ name }: { name: IconName }) {
  if (useContext(Inlined) && name in SHAPES)
    return (
      <svg class="icon" {...LINES} aria-hidden="true">
        {raw(SHAPES[name as keyof typeof SHAPES])}
      </svg>
    )
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`/assets/sprite.svg#${name}`} />
    </svg>
  )
}
