const DAY_MS = 86_400_000

/** How long before its end the holder of a key is told. */
export const REMIND_MS = 7 * DAY_MS
/** How long before its end a key is marked in the list. */
const SOON_MS = 14 * DAY_MS
/** After how long without use a key is marked in the list. */
const UNUSED_MS = 90 * DAY_MS

interface Lifetime {
  createdAt: number
  expiresAt: number | null
  rolledTo: string | null
}

/**
 * Whether it is time to tell of a key's end. Of one that was made for no more than those days nobody is told, nor of one
 * that was replaced: whoever did that knows.
 */
export const isTimeToRemind = ({ createdAt, expiresAt, rolledTo }: Lifetime, now: number): boolean =>
  rolledTo === null &&
  expiresAt !== null &&
  expiresAt > now &&
  expiresAt - now <= REMIND_MS &&
  expiresAt - createdAt > REMIND_MS

/** What somebody should look at about a key that works. */
export type KeyFlag = 'expires_soon' | 'unused'

interface Listed {
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  rolledTo: string | null
  lastUsedOn?: string | null
}

/** The flags of a key; none for one that has ended, or was replaced and is about to. `now` in Unix milliseconds. */
export function keyFlags({ createdAt, expiresAt, revokedAt, rolledTo, lastUsedOn }: Listed, now: number): KeyFlag[] {
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now
  if (revokedAt !== null || rolledTo !== null || left <= 0) return []
  const flags: KeyFlag[] = []
  if (left <= SOON_MS) flags.push('expires_soon')
  if (now - Date.parse(lastUsedOn ?? createdAt) > UNUSED_MS) flags.push('unused')
  return flags
}
