import type { DaySummary } from '../../../../shared/domain/schedule.ts'
import { uptimeOf } from '../../../../shared/domain/uptime.ts'
import { duration } from './time.tsx'

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

/** Uptime in words; null when nothing was measured. */
export function uptimeText(days: DaySummary[], now: number, count: number): string | null {
  const percent = uptimeOf(days, now, count)
  return percent === null ? null : `${percent.toFixed(2)} %`
}
