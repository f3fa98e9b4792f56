import type { DaySummary } from '../../../../shared/domain/schedule.ts'
import { duration } from './time.tsx'

const DAYS = 90
const DAY_MS = 86_400_000
const WIDTH = 4
const GAP = 2
const HEIGHT = 36

type Tone = 'up' | 'degraded' | 'down' | 'none'

function toneOf(day: DaySummary | undefined): Tone {
  if (!day || day.checks === 0) return 'none'
  if (day.downSeconds > 0) return 'down'
  // One failed check that the next one disproved is not trouble; more than one in a hundred is.
  return day.failed + day.degraded > Math.max(1, day.checks / 100) ? 'degraded' : 'up'
}

/** Bad days are taller, so that the picture reads without colour. */
const TOPS: Record<Tone, number> = { up: 12, none: 12, degraded: 4, down: 0 }

const rect = (x: number, top: number) => `M${x} ${top}h${WIDTH}V${HEIGHT}h-${WIDTH}z`

/** Share of checked time that was not down, in percent with two digits, rounded down; null when nothing is known. */
export function uptimeText(days: DaySummary[]): string | null {
  const known = days.filter((day) => day.checks > 0)
  if (known.length === 0) return null
  const down = known.reduce((sum, day) => sum + day.downSeconds, 0)
  const share = Math.max(0, 1 - down / (known.length * 86_400))
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`
}

function sentence(day: DaySummary): string {
  const parts: string[] = []
  if (day.downSeconds > 0) parts.push(`down for ${duration(day.downSeconds * 1000)}`)
  if (day.failed > 0) parts.push(`${day.failed} of ${day.checks} checks failed`)
  if (day.degraded > 0) parts.push(`${day.degraded} slow`)
  return parts.join(', ')
}

/** Ninety UTC days, one bar each, and the days with trouble in words. */
export function Bars({ days, now }: { days: DaySummary[]; now: number }) {
  const byDay = new Map(days.map((day) => [day.day, day]))
  const names = Array.from({ length: DAYS }, (_, i) =>
    new Date(now - (DAYS - 1 - i) * DAY_MS).toISOString().slice(0, 10),
  )
  const tones = names.map((name) => toneOf(byDay.get(name)))
  const path = (tone: Tone) => tones.map((of, i) => (of === tone ? rect(i * (WIDTH + GAP), TOPS[tone]) : '')).join('')
  const trouble = names.flatMap((name, i) =>
    tones[i] === 'down' || tones[i] === 'degraded' ? (byDay.get(name) ?? []) : [],
  )
  const known = tones.filter((tone) => tone !== 'none').length
  const label = `${known} days with data, ${trouble.length} with trouble`
  return (
    <>
      <svg
        class="bars"
        viewBox={`0 0 ${DAYS * (WIDTH + GAP) - GAP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {(['none', 'up', 'degraded', 'down'] as const).map((tone) =>
          path(tone) ? <path class={tone} d={path(tone)} /> : null,
        )}
      </svg>
      <div class="axis">
        <span>90 days ago</span>
        <span>Today</span>
      </div>
      {trouble.length > 0 ? (
        <details class="small">
          <summary>
            {trouble.length} {trouble.length === 1 ? 'day' : 'days'} with trouble
          </summary>
          <ul>
            {trouble.toReversed().map((day) => (
              <li>
                <time datetime={day.day}>{day.day}</time>: {sentence(day)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  )
}
