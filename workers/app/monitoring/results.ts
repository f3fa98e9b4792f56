import { ERROR_CLASSES, type ErrorClass } from '../../../shared/domain/check.ts'

/*
 * Results, packed. The bill is rows written, not bytes: one row a minute holds every monitor of the object, and each
 * hour those sixty become one blob ordered by monitor, with a directory at its head.
 *   minute: version 1 · (slot 2 · point 8)*
 *   hour:   version 1 · monitors 2 · (slot 2 · offset 4 · count 2)* · point 8 …
 *   point:  second of the hour 2 · latency ms 2 · status 2 · error class 1 · region 1
 */
const VERSION = 1
const POINT = 8
const MINUTE_RECORD = 2 + POINT
const DIRECTORY_ENTRY = 8
const MAX_U16 = 65_535

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** One result. `at` in Unix milliseconds, kept to the second; latency is capped at 65,535 ms. */
export interface Point {
  at: number
  latencyMs: number
  status: number
  errorClass: ErrorClass
  /** Index into the object's list of regions. */
  region: number
}
export interface SlotPoint extends Point {
  slot: number
}

const u16 = (value: number) => Math.max(0, Math.min(MAX_U16, Math.round(value)))

function writePoint(view: DataView, offset: number, point: Point): void {
  view.setUint16(offset, Math.floor((point.at % HOUR_MS) / 1000))
  view.setUint16(offset + 2, u16(point.latencyMs))
  view.setUint16(offset + 4, u16(point.status))
  view.setUint8(offset + 6, ERROR_CLASSES.indexOf(point.errorClass))
  view.setUint8(offset + 7, point.region)
}

function readPoint(view: DataView, offset: number, hourStart: number): Point {
  return {
    at: hourStart + view.getUint16(offset) * 1000,
    latencyMs: view.getUint16(offset + 2),
    status: view.getUint16(offset + 4),
    errorClass: ERROR_CLASSES[view.getUint8(offset + 6)] ?? 'probe_internal',
    region: view.getUint8(offset + 7),
  }
}

function requireVersion(view: DataView): void {
  if (view.getUint8(0) !== VERSION) throw new Error(`Packed results of version ${view.getUint8(0)} are unknown.`)
}

/** All results of one minute. */
export function packMinute(points: SlotPoint[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(1 + points.length * MINUTE_RECORD))
  view.setUint8(0, VERSION)
  for (const [i, point] of points.entries()) {
    view.setUint16(1 + i * MINUTE_RECORD, point.slot)
    writePoint(view, 3 + i * MINUTE_RECORD, point)
  }
  return view.buffer as ArrayBuffer
}

/** The results of a minute's row. `minute` is its start, Unix milliseconds. */
export function unpackMinute(blob: ArrayBuffer, minute: number): SlotPoint[] {
  const view = new DataView(blob)
  requireVersion(view)
  const hourStart = minute - (minute % HOUR_MS)
  const count = Math.floor((blob.byteLength - 1) / MINUTE_RECORD)
  return Array.from({ length: count }, (_, i) => ({
    slot: view.getUint16(1 + i * MINUTE_RECORD),
    ...readPoint(view, 3 + i * MINUTE_RECORD, hourStart),
  }))
}

/** All results of one hour, monitor by monitor, oldest first. */
export function packHour(points: SlotPoint[]): ArrayBuffer {
  const groups = [...Map.groupBy(points, (point) => point.slot)].toSorted(([a], [b]) => a - b)
  const head = 3 + groups.length * DIRECTORY_ENTRY
  const view = new DataView(new ArrayBuffer(head + points.length * POINT))
  view.setUint8(0, VERSION)
  view.setUint16(1, groups.length)
  let offset = head
  for (const [i, [slot, group]] of groups.entries()) {
    const entry = 3 + i * DIRECTORY_ENTRY
    view.setUint16(entry, slot)
    view.setUint32(entry + 2, offset)
    view.setUint16(entry + 6, group.length)
    for (const point of group.toSorted((a, b) => a.at - b.at)) {
      writePoint(view, offset, point)
      offset += POINT
    }
  }
  return view.buffer as ArrayBuffer
}

/** The slots of an hour's blob, from its directory. */
export function slotsOfHour(blob: ArrayBuffer): number[] {
  const view = new DataView(blob)
  requireVersion(view)
  return Array.from({ length: view.getUint16(1) }, (_, i) => view.getUint16(3 + i * DIRECTORY_ENTRY))
}

/** The results of one monitor in an hour's blob: its directory is searched, the rest is not looked at. */
export function unpackHour(blob: ArrayBuffer, hourStart: number, slot: number): Point[] {
  const view = new DataView(blob)
  requireVersion(view)
  let low = 0
  let high = view.getUint16(1) - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const entry = 3 + middle * DIRECTORY_ENTRY
    const found = view.getUint16(entry)
    if (found === slot) {
      const offset = view.getUint32(entry + 2)
      return Array.from({ length: view.getUint16(entry + 6) }, (_, i) => readPoint(view, offset + i * POINT, hourStart))
    }
    if (found < slot) low = middle + 1
    else high = middle - 1
  }
  return []
}

/** The results of every monitor in an hour's blob. */
export const unpackWholeHour = (blob: ArrayBuffer, hourStart: number): SlotPoint[] =>
  slotsOfHour(blob).flatMap((slot) => unpackHour(blob, hourStart, slot).map((point) => ({ slot, ...point })))
