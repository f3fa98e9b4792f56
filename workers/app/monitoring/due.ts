/**
 * When checks are due is a pure function of time, so nothing is written for a check that only happened: due times are
 * `phase + k × interval`. Objects are spread by a hash of their name; the monitors of one object share a second in
 * groups, so that a small workspace wakes once a minute and writes one row a minute.
 */

/** Monitors that are due in the same second. */
const GROUP = 50

/** FNV-1a, 32 bits: spreads names evenly; nothing depends on it being secret. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** Second within the interval at which a slot of an object is due. */
export function phaseSeconds(objectName: string, slot: number, intervalSeconds: number): number {
  return (hash(objectName) + Math.floor(slot / GROUP)) % intervalSeconds
}

/** The first due time strictly after a moment. All in Unix milliseconds but the seconds. */
export function nextDue(phase: number, intervalSeconds: number, afterMs: number): number {
  const interval = intervalSeconds * 1000
  const rounds = Math.floor((afterMs - phase * 1000) / interval) + 1
  return phase * 1000 + rounds * interval
}
