import { contrast } from '../../../../shared/domain/contrast.ts'
import { Icon } from '../components/icon.tsx'
import { type IconName, LUCIDE, MARKS } from '../components/icon-names.ts'
import { colourOf, lengthsOf, type Pair, SHAPE_PAIRS, TEXT_PAIRS, type Theme } from './colours.ts'
import type { DesignPart } from './part.ts'

interface SwatchesProps {
  sheet: string
  theme: Theme
  pairs: Pair[]
  needed: number
}

/** Colours on their grounds, as figures and as they look. */
function Swatches({ sheet, theme, pairs, needed }: SwatchesProps) {
  return (
    <ul class="plain swatches">
      {pairs.map(([colour, ground]) => {
        const ratio = contrast(colourOf(sheet, colour, theme), colourOf(sheet, ground, theme))
        return (
          <li class="row">
            <svg class="swatch" viewBox="0 0 64 32" aria-hidden="true">
              <rect x="1" y="1" width="62" height="30" rx="4" fill={`var(--${ground})`} stroke="var(--line)" />
              {needed > 4 ? (
                <text x="20" y="22" font-size="18" fill={`var(--${colour})`}>
                  Aa
                </text>
              ) : (
                <circle cx="32" cy="16" r="9" fill={`var(--${colour})`} />
              )}
            </svg>
            <span class="small">
              {colour} <span class="muted">on {ground}</span>
              <span class="below num">
                {ratio.toFixed(1)} : 1, at least {needed}
              </span>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function Sizes({ sheet }: { sheet: string }) {
  return (
    <ul class="plain stack-sm">
      {[...lengthsOf(sheet, 'text-'), ['without a class', '1rem']].map(([name, value]) => (
        <li class="row">
          <svg class="sample" viewBox="0 0 224 48" aria-hidden="true">
            <text y="38" font-size={value} fill="var(--text)">
              All is well
            </text>
          </svg>
          <span class="small">
            <code>{name}</code> {value}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Lengths({ sheet, prefix }: { sheet: string; prefix: 'space-' | 'radius-' }) {
  return (
    <ul class="plain stack-sm">
      {lengthsOf(sheet, prefix).map(([name, value]) => (
        <li class="row">
          <svg class="swatch" viewBox="0 0 64 32" aria-hidden="true">
            {prefix === 'space-' ? (
              <rect y="8" width={`var(${name})`} height="16" fill="var(--text)" />
            ) : (
              <rect x="1" y="1" width="62" height="30" rx={`var(${name})`} fill="none" stroke="var(--text)" />
            )}
          </svg>
          <span class="small">
            <code>{name}</code> {value}
          </span>
        </li>
      ))}
    </ul>
  )
}

const ICONS = [...Object.keys(LUCIDE), ...Object.keys(MARKS)] as IconName[]

/** What everything else is made of, read from the sheet itself. */
export const tokenParts = (sheet: string): DesignPart[] => [
  {
    id: 'text-colours',
    title: 'Colours of text',
    show: (theme) => <Swatches sheet={sheet} theme={theme} pairs={TEXT_PAIRS} needed={4.5} />,
  },
  {
    id: 'shape-colours',
    title: 'Colours of shapes',
    show: (theme) => <Swatches sheet={sheet} theme={theme} pairs={SHAPE_PAIRS} needed={3} />,
  },
  { id: 'sizes', title: 'Sizes of text', show: () => <Sizes sheet={sheet} /> },
  {
    id: 'lengths',
    title: 'Spaces and corners',
    show: () => (
      <>
        <Lengths sheet={sheet} prefix="space-" />
        <Lengths sheet={sheet} prefix="radius-" />
      </>
    ),
  },
  {
    id: 'icons',
    title: 'Icons',
    show: () => (
      <ul class="plain swatches small">
        {ICONS.map((name) => (
          <li>
            <Icon name={name} /> {name}
          </li>
        ))}
      </ul>
    ),
  },
]
