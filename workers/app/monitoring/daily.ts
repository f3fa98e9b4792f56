import { DAY_MS, HOUR_MS, unpackHour } from './results.ts'
import { downSeconds, measuredSeconds, packDay, staleAfterMs, summarise } from './rollup.ts'
import type { Store, Watched } from './store.ts'

/** Days back that are rolled up when the object slept through midnight. */
const CATCH_UP_DAYS = 31

/** Once a day, after midnight UTC: yesterday becomes one row, and what is too old goes. */
export function dailyWork(store: Store, watched: Watched[], now: number): void {
  const today = now - (now % DAY_MS)
  if (store.hasDay(today - DAY_MS)) return
  for (let day = today - CATCH_UP_DAYS * DAY_MS; day < today; day += DAY_MS) {
    if (store.hasDay(day)) continue
    const hours = store.hoursBetween(day, day + DAY_MS)
    if (hours.length === 0 && day !== today - DAY_MS) continue
    // What the day before has last seen speaks for the first moments of this one.
    const before = store.hoursBetween(day - DAY_MS, day)
    const records = watched.flatMap(({ slot, monitor }) => {
      const pointsOf = (rows: typeof hours) => rows.flatMap((hour) => unpackHour(hour.data, hour.at, slot))
      const points = pointsOf(hours)
      if (points.length === 0) return []
      const outages = store.outages(slot, day)
      const down = downSeconds(outages, day, day + DAY_MS)
      const all = [...pointsOf(before), ...points]
      const measured = measuredSeconds(all, staleAfterMs(monitor), outages, day, day + DAY_MS)
      return [summarise(slot, points, monitor.degradedAfterMs, { down, measured })]
    })
    store.putDay(day, packDay(records))
  }
  store.prune(now - HOUR_MS)
}
