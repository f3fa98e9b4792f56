import type { Findings } from './report.ts'

/** Entries that may be remembered as passed over. Noise must not make this as large as a number can be. */
const MAX_SKIPPED = 1_000_000

/** Whether entries come one after the other: tells what is missing from what only stands elsewhere. */
export function followSequence(size: number, findings: Findings) {
  const skipped = new Set<number>()
  let next = 0

  function passOver(to: number, instead: string): void {
    findings.find('missing', next, `Entry ${next} is missing: ${instead} comes in its place.`)
    for (let seq = next; seq < to && seq < size && skipped.size < MAX_SKIPPED; seq++) skipped.add(seq)
  }

  return {
    next: () => next,
    /** True when the entry is the next one. */
    entry(seq: number): boolean {
      if (seq === next) {
        next++
        return true
      }
      if (seq > next) {
        passOver(seq, `entry ${seq}`)
        next = seq + 1
      } else if (!skipped.delete(seq)) findings.find('reordered', seq, `Entry ${seq} is there twice.`)
      else if (skipped.size === 0) findings.turnedUp()
      return false
    },
    /** True when the gap [from, to) begins at the next entry. */
    gap(from: number, to: number): boolean {
      const fits = from === next && to > from
      if (!fits) passOver(from, `a gap from ${from} to ${to}`)
      next = Math.max(next, to)
      return fits
    },
  }
}
