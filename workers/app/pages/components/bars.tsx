import type { DaySummary } from '../../../../shared/domain/schedule.ts'
import { lastDays } from '../../../../shared/domain/uptime.ts'
import { Day } from './time.tsx'
import { type DayTone, toneOf, troubleOf } from './uptime.ts'

const DAYS = 90
const WIDTH = 4
const STEP = 6
const HEIGHT = 36

/** Bad days are taller and unknown ones are low, so that the picture reads without colour. */
const TOPS: Record<DayTone, number> = { none: 30, up: 12, degraded: 4, down: 0 }

const TONES: DayTone[] = ['none', 'up', 'degraded', 'down']

const bar = (x: number, top: number) => `M${x} ${top}h${WIDTH}V${HEIGHT}h-${WIDTH}z`

/** All days of a tone in one path. */
const pathOf = (tones: DayTone[], tone: DayTone) =>
  tones.map((of, i) => (of === tone ? bar(i * STEP, TOPS[tone]) : '')).join('')

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

/** Ninety UTC days, one bar each, and the days with trouble in words. */
export function Bars({ days, now }: { days: DaySummary[]; now: number }) {
  const byDay = new Map(days.map((day) => [day.day, day]))
  const shown = lastDays(now, DAYS).map((name) => byDay.get(name))
  const tones = shown.map(toneOf)
  const trouble = shown.filter((day, i) => day && (tones[i] === 'down' || tones[i] === 'degraded'))
  const known = tones.filter((tone) => tone !== 'none').length
  return (
    <div>
      <svg
        class="bars"
        viewBox={`0 0 ${DAYS * STEP - STEP + WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${plural(known, 'day')} with data, ${trouble.length} with trouble`}
      >
        {TONES.map((tone) => (tones.includes(tone) ? <path class={tone} d={pathOf(tones, tone)} /> : null))}
      </svg>
      <div class="axis">
        <span>90 days ago</span>
        <span>Today</span>
      </div>
      {trouble.length > 0 ? (
        <details class="small">
          <summary>{plural(trouble.length, 'day')} with trouble</summary>
          <ul>
            {trouble.toReversed().map((day) =>
              day ? (
                <li>
                  <Day day={day.day} />: {troubleOf(day)}
                </li>
              ) : null,
            )}
          </ul>
        </details>
      ) : null}
    </div>
  )
}
