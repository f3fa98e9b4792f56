import { DAY_MS, HOUR_MS, unpackHour } from './results.ts'
import { downSeconds, packDay, summarise } from './rollup.ts'
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
    const records = watched.flatMap(({ slot, monitor }) => {
      const points = hours.flatMap((hour) => unpackHour(hour.data, hour.at, slot))
      const down = downSeconds(store.outages(slot, day), day, day + DAY_MS)
      return points.length > 0 ? [summarise(slot, points, monitor.degradedAfterMs, down)] : []
    })
    store.putDay(day, packDay(records))
  }
  store.prune(now - HOUR_MS)
}
