import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ERROR_CLASSES } from '../../shared/domain/check.ts'
import { hash, nextDue, phaseSeconds } from '../../workers/app/monitoring/due.ts'
import {
  MINUTE_MS,
  packHour,
  packMinute,
  type SlotPoint,
  slotsOfHour,
  unpackHour,
  unpackMinute,
} from '../../workers/app/monitoring/results.ts'

const HOUR = Date.UTC(2026, 10, 24, 14)
const U16 = 65_535
const whole = (max: number) => fc.integer({ min: 0, max })

/** Results that fit what is packed, in the seconds of [from, to) of the hour. */
const points = (from: number, to: number) =>
  fc.array(
    fc.record<SlotPoint>({
      slot: fc.oneof(whole(20), whole(U16)),
      at: fc.integer({ min: from, max: to - 1 }).map((second) => HOUR + second * 1000),
      latencyMs: whole(U16),
      status: whole(999),
      errorClass: fc.constantFrom(...ERROR_CLASSES),
      region: whole(255),
    }),
    { maxLength: 300 },
  )
const ONE: SlotPoint = { slot: 3, at: HOUR + 61_000, latencyMs: 12, status: 200, errorClass: 'none', region: 0 }

/** The same bytes with another first one. */
function ofVersion(blob: ArrayBuffer, version: number): ArrayBuffer {
  const copy = blob.slice(0)
  new DataView(copy).setUint8(0, version)
  return copy
}

describe('the results of a minute', () => {
  test('come back as they went in, in their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59 }), points(0, 60), (minute, list) => {
        const moved = list.map((point) => ({ ...point, at: point.at + minute * MINUTE_MS }))
        expect(unpackMinute(packMinute(moved), HOUR + minute * MINUTE_MS)).toEqual(moved)
      }),
    )
  })

  test('take ten bytes each and one for all', () => {
    fc.assert(
      fc.property(points(0, 60), (list) => {
        expect(packMinute(list).byteLength).toBe(1 + 10 * list.length)
      }),
    )
  })

  test.each([
    ['a latency above what fits', { latencyMs: 70_000 }, { latencyMs: U16 }],
    ['the largest latency', { latencyMs: U16 }, { latencyMs: U16 }],
    ['a latency below nothing', { latencyMs: -1 }, { latencyMs: 0 }],
    ['a part of a millisecond', { latencyMs: 12.6 }, { latencyMs: 13 }],
    ['a status above what fits', { status: 100_000 }, { status: U16 }],
    ['a status below nothing', { status: -200 }, { status: 0 }],
    ['a part of a second', { at: HOUR + 61_999 }, { at: HOUR + 61_000 }],
  ])('keep %s as near as it fits', (_name, given, kept) => {
    expect(unpackMinute(packMinute([{ ...ONE, ...given }]), HOUR + MINUTE_MS)).toEqual([{ ...ONE, ...kept }])
    expect(unpackHour(packHour([{ ...ONE, ...given }]), HOUR, ONE.slot)).toMatchObject([kept])
  })

  test('of a class of error that is not known are not taken for a good answer', () => {
    const blob = packMinute([ONE])
    new DataView(blob).setUint8(9, ERROR_CLASSES.length)
    expect(unpackMinute(blob, HOUR)[0]?.errorClass).toBe('probe_internal')
  })
})

describe('the results of an hour', () => {
  const withoutSlot = ({ slot: _, ...point }: SlotPoint) => point

  test('come back monitor by monitor, the oldest first, and none of another monitor', () => {
    fc.assert(
      fc.property(points(0, 3600), whole(U16), (list, other) => {
        const blob = packHour(list)
        for (const slot of new Set([...list.map((point) => point.slot), other])) {
          const own = list.filter((point) => point.slot === slot).toSorted((a, b) => a.at - b.at)
          expect(unpackHour(blob, HOUR, slot)).toEqual(own.map(withoutSlot))
        }
      }),
    )
  })

  test('are found for every monitor of five hundred, at the ends of the directory too', () => {
    for (const count of [1, 2, 3, 499, 500]) {
      const list = Array.from({ length: count }, (_, i) => ({ ...ONE, slot: i * 3 + 1, latencyMs: i }))
      const blob = packHour(list.toReversed())
      expect(slotsOfHour(blob)).toEqual(list.map((point) => point.slot))
      for (const { slot, latencyMs } of list) {
        expect(unpackHour(blob, HOUR, slot)).toMatchObject([{ latencyMs }])
        expect(unpackHour(blob, HOUR, slot - 1)).toEqual([])
        expect(unpackHour(blob, HOUR, slot + 1)).toEqual([])
      }
    }
  })

  test('of five hundred monitors checked every thirty seconds are less than 2 MB', () => {
    const list = Array.from({ length: 500 * 120 }, (_, i) => ({ ...ONE, slot: i % 500, at: HOUR + (i % 3600) * 1000 }))
    expect(packHour(list).byteLength).toBeLessThan(2 * 1024 * 1024)
  })

  test('are an empty directory when there were none', () => {
    expect(slotsOfHour(packHour([]))).toEqual([])
    expect(unpackHour(packHour([]), HOUR, 0)).toEqual([])
  })
})

test.each([0, 2, 255])('results packed as version %d are refused, not guessed', (version) => {
  expect(() => unpackMinute(ofVersion(packMinute([ONE]), version), HOUR)).toThrow(/version \d+ .*unknown/)
  expect(() => unpackHour(ofVersion(packHour([ONE]), version), HOUR, 3)).toThrow(/version \d+ .*unknown/)
  expect(() => slotsOfHour(ofVersion(packHour([ONE]), version))).toThrow(/version \d+ .*unknown/)
})

describe('a check is due', () => {
  const intervals = fc.constantFrom(30, 60, 120, 300, 600, 1800, 3600, 86_400)

  test('strictly after the moment asked about, at most one interval later, and always at the same phase', () => {
    const moments = fc.integer({ min: 0, max: HOUR * 2 })
    fc.assert(
      fc.property(intervals, fc.nat(86_399), moments, (interval, seed, now) => {
        const phase = seed % interval
        const due = nextDue(phase, interval, now)
        expect(due).toBeGreaterThan(now)
        expect(due - now).toBeLessThanOrEqual(interval * 1000)
        expect((due - phase * 1000) % (interval * 1000)).toBe(0)
        expect(nextDue(phase, interval, due)).toBe(due + interval * 1000)
      }),
    )
  })

  test('at a second within its interval that does not change', () => {
    fc.assert(
      fc.property(fc.string(), whole(U16), intervals, (name, slot, interval) => {
        const phase = phaseSeconds(name, slot, interval)
        expect(phase).toBe(phaseSeconds(name, slot, interval))
        expect(Number.isInteger(phase) && phase >= 0 && phase < interval).toBe(true)
      }),
    )
  })

  test('together with fifty monitors of its workspace, a second apart from the next fifty', () => {
    const seconds = Array.from({ length: 500 }, (_, slot) => phaseSeconds('object', slot, 3600))
    const groups = [...Map.groupBy(seconds, (second) => second).values()]
    expect(groups.map((group) => group.length)).toEqual(Array.from({ length: 10 }, () => 50))
    expect(Math.max(...seconds) - Math.min(...seconds)).toBe(9)
  })

  test('in seconds that are spread over the objects, so that a thousand do not wake at once', () => {
    const seconds = Array.from({ length: 1000 }, (_, i) => phaseSeconds(`object-${i}`, 0, 60))
    const groups = [...Map.groupBy(seconds, (second) => second).values()]
    expect(groups).toHaveLength(60)
    expect(Math.max(...groups.map((group) => group.length))).toBeLessThan(60)
  })

  test('by the published values of FNV-1a', () => {
    expect(['', 'a', 'foobar'].map(hash)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968])
  })
})
