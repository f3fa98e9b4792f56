/** How long somebody can take it back that they deleted a workspace or an account. */
export const GRACE_MS = 7 * 86_400_000

/** Whether the time to take it back is over. `endsAt`: Unix milliseconds; null while nothing was deleted. */
export const isOver = (endsAt: number | null, now: number): boolean => endsAt !== null && endsAt <= now
