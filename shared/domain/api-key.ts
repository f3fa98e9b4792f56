const DAY_MS = 86_400_000

/** How long before its end the one who made a key is told. */
export const REMIND_MS = 7 * DAY_MS
/** How long before its end a key is marked in the list. */
const SOON_MS = 14 * DAY_MS
/** After how long without use a key is marked in the list. */
const UNUSED_MS = 90 * DAY_MS

interface Lifetime {
  createdAt: number
  expiresAt: number | null
}

/**
 * Whether it is time to tell of a key's end. Of one that was made for no more than those days nobody is told: whoever made
 * it knows.
 */
export const isTimeToRemind = ({ createdAt, expiresAt }: Lifetime, now: number): boolean =>
  expiresAt !== null && expiresAt > now && expiresAt - now <= REMIND_MS && expiresAt - createdAt > REMIND_MS

/** What is to be looked at about a key that works. */
export function keyFlags(
  { createdAt, expiresAt, lastUsedOn }: { createdAt: string; expiresAt: string | null; lastUsedOn?: string | null },
  now: number,
): { expiresSoon: boolean; unused: boolean } {
  return {
    expiresSoon: expiresAt !== null && Date.parse(expiresAt) - now <= SOON_MS,
    unused: now - Date.parse(lastUsedOn ?? createdAt) > UNUSED_MS,
  }
}
