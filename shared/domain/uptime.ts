import type { DaySummary } from './schedule.ts'

export const DAY_MS = 86_400_000

/** Names of the last `count` UTC days, oldest first, today last. `now` in Unix milliseconds. */
export const lastDays = (now: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => new Date(now - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10))

/** Days with checks among the last `count` UTC days. */
export function knownDays(days: DaySummary[], now: number, count: number): DaySummary[] {
  const wanted = new Set(lastDays(now, count))
  return days.filter((day) => day.checks > 0 && wanted.has(day.day))
}

/**
 * Percent of the measured time that was not down, over the last `count` UTC days; null when none of them is known. Time in
 * which nobody looked, before there was the monitor, while it was paused, or while Candor stood still, says nothing. Two
 * digits, rounded down: 100 is said only of what was never down.
 */
export function uptimeOf(days: DaySummary[], now: number, count: number): number | null {
  const known = knownDays(days, now, count)
  if (known.length === 0) return null
  const measured = known.reduce((sum, day) => sum + day.measuredSeconds, 0)
  const down = known.reduce((sum, day) => sum + day.downSeconds, 0)
  // Two seconds of three months are more than nothing, and less than the arithmetic can hold apart from it.
  const share = down === 0 ? 1 : Math.min(0.9999, Math.max(0, 1 - down / Math.max(1, measured)))
  return Math.floor(share * 10_000) / 100
}
