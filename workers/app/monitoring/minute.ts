import { MINUTE_MS, type SlotPoint } from './results.ts'
import type { Store } from './store.ts'

/** Results of the current minute; all of them, because the minute's row is written whole. */
export function keepMinute(store: Store) {
  let minute: { start: number; points: SlotPoint[]; dirty: boolean } = { start: 0, points: [], dirty: false }

  function flush(): void {
    if (!minute.dirty) return
    store.putMinute(minute.start, minute.points)
    minute.dirty = false
  }

  return {
    flush,

    record(point: SlotPoint): void {
      const start = store.minuteOf(point.at)
      if (start !== minute.start) {
        flush()
        minute = { start, points: store.minute(start), dirty: false }
      }
      minute.points.push(point)
      minute.dirty = true
    },

    /** A minute that is over is let go before its hour is packed: a late result must not bring it into that hour again. */
    turn(now: number): void {
      if (now - minute.start < MINUTE_MS) return
      flush()
      minute = { start: 0, points: [], dirty: false }
    },

    /** Nothing of it is to be stored any more. */
    drop(): void {
      minute = { start: 0, points: [], dirty: false }
    },
  }
}
