const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
})

type Moment = string | number

const dateOf = (at: Moment) => new Date(at)

/** `24 Nov 2026, 20:14:05 UTC` */
export const exactTime = (at: Moment): string => `${DATE.format(dateOf(at))}, ${CLOCK.format(dateOf(at))} UTC`

/** `3 min`, `2 h 5 min`, `4 d` */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d`
}

/** A moment, exact and in UTC. */
export function Time({ at }: { at: Moment }) {
  return <time datetime={dateOf(at).toISOString()}>{exactTime(at)}</time>
}

/** How long ago, with the exact moment for those who point at it. */
export function Ago({ at, now }: { at: Moment; now: number }) {
  return (
    <time datetime={dateOf(at).toISOString()} title={exactTime(at)}>
      {duration(now - dateOf(at).getTime())} ago
    </time>
  )
}
