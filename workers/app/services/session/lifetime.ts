const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A session ends after 7 days without use, and after 30 days in any case. */
export const SESSION_IDLE_MS = 7 * DAY
export const SESSION_ABSOLUTE_MS = 30 * DAY
/** What changes who can sign in takes somebody who has signed in as lately as this. */
export const SESSION_FRESH_MS = 10 * 60_000
/** Use is noted at most this often: a write costs more than the precision is worth. */
export const SESSION_NOTE_MS = HOUR

/** Whether somebody had signed in lately enough at a moment. Times in Unix milliseconds. */
export const isFresh = (session: { createdAt: number }, at: number): boolean =>
  at - session.createdAt <= SESSION_FRESH_MS

/** Whether a session has ended. Times in Unix milliseconds. */
export function isExpired(session: { createdAt: number; lastSeenAt: number }, now: number): boolean {
  return now - session.lastSeenAt > SESSION_IDLE_MS || now - session.createdAt > SESSION_ABSOLUTE_MS
}
