import type { DaySummary } from '../../../../shared/domain/schedule.ts'
import { duration } from './time.tsx'

export const DAY_MS = 86_400_000

/** Names of the last `count` UTC days, oldest first, today last. */
export const lastDays = (now: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => new Date(now - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10))

export type DayTone = 'up' | 'degraded' | 'down' | 'none'

/** What a day is called. One failed check that the next one disproved is not trouble; more than one in a hundred is. */
export function toneOf(day: DaySummary | undefined): DayTone {
  if (!day || day.checks === 0) return 'none'
  if (day.downSeconds > 0) return 'down'
  return day.failed + day.degraded > Math.max(1, day.checks / 100) ? 'degraded' : 'up'
}

/** A day with trouble, in words. */
export function troubleOf(day: DaySummary): string {
  const parts: string[] = []
  if (day.downSeconds > 0) parts.push(`down for ${duration(day.downSeconds * 1000)}`)
  if (day.failed > 0) parts.push(`${day.failed} of ${day.checks} checks failed`)
  if (day.degraded > 0) parts.push(`${day.degraded} slow`)
  return parts.join(', ')
}

/** Days with checks among the last `count` UTC days. */
export function knownDays(days: DaySummary[], now: number, count: number): DaySummary[] {
  const wanted = new Set(lastDays(now, count))
  return days.filter((day) => day.checks > 0 && wanted.has(day.day))
}

/** Percent with two digits, rounded down: 100.00 % is said only of what was never down. */
const percent = (share: number): string => `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`

/**
 * Share of the measured time that was not down, over the last `count` UTC days; null when none of them is known. Time in
 * which nobody looked, before there was the monitor, while it was paused, or while Candor stood still, says nothing.
 */
export function uptimeText(days: DaySummary[], now: number, count: number): string | null {
  const known = knownDays(days, now, count)
  if (known.length === 0) return null
  const all = Math.max(
    1,
    known.reduce((sum, day) => sum + day.measuredSeconds, 0),
  )
  const down = known.reduce((sum, day) => sum + day.downSeconds, 0)
  // Two seconds of three months are more than nothing, and less than the arithmetic can hold apart from it.
  return percent(down === 0 ? 1 : Math.min(0.9999, Math.max(0, 1 - down / all)))
}
