import { MINUTE_MS, type Point, type SlotPoint } from './results.ts'
import type { Store } from './store.ts'
import { pointsBetween } from './summary.ts'

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

    /** Results of a slot since a moment, stored or not, oldest first. Writes nothing. */
    since(slot: number, at: number): Point[] {
      // What is stored is known to the second.
      const from = Math.floor(at / 1000) * 1000
      const stored = pointsBetween(store, slot, from, Number.MAX_SAFE_INTEGER)
      const held = minute.points.filter((point) => point.slot === slot && point.at >= from)
      return [...stored.filter((point) => store.minuteOf(point.at) !== minute.start), ...held]
        .map(({ at, latencyMs, status, errorClass, region }) => ({ at, latencyMs, status, errorClass, region }))
        .toSorted((one, other) => one.at - other.at)
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
