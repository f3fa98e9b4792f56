const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
})

type Moment = string | number

const dateOf = (at: Moment) => new Date(at)

/** How moments are written in one time zone, with its distance from UTC beside each. */
export interface Clock {
  /** As the database of time zones writes it: `Europe/Berlin`. */
  zone: string
  /** `24 Nov 2026, 21:14:05 UTC+1` */
  exact(at: Moment): string
}

/** `24 Nov 2026, 20:14:05 UTC` */
export const exactTime = (at: Moment): string => `${DATE.format(dateOf(at))}, ${CLOCK.format(dateOf(at))} UTC`

/** A clock for a zone that somebody named, at most 64 characters; null when there is none of that name. */
export function clockIn(zone: string): Clock | null {
  if (!/^[\w+/-]{1,64}$/.test(zone)) return null
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZone: zone,
      timeZoneName: 'shortOffset',
    })
    return {
      zone: format.resolvedOptions().timeZone,
      exact: (at) => format.format(dateOf(at)).replace('GMT', 'UTC'),
    }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** `24 Nov 2026`, of a moment or of a UTC day as `2026-11-24`. */
export const exactDate = (at: Moment): string => DATE.format(dateOf(at))

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

/** A moment, exact and in UTC, or as a clock says it. */
export function Time({ at, clock }: { at: Moment; clock?: Pick<Clock, 'exact'> | null }) {
  return <time datetime={dateOf(at).toISOString()}>{clock ? clock.exact(at) : exactTime(at)}</time>
}

/** A UTC day. */
export function Day({ day }: { day: string }) {
  return <time datetime={day}>{exactDate(day)}</time>
}

interface AgoProps {
  at: Moment
  now: number
  /** Where there is little room: the exact moment on a line of its own. */
  narrow?: boolean
}

/** How long ago, and the exact moment beside it: the date is left out while it is today's. */
export function Ago({ at, now, narrow }: AgoProps) {
  const today = dateOf(at).toISOString().slice(0, 10) === dateOf(now).toISOString().slice(0, 10)
  return (
    <time datetime={dateOf(at).toISOString()}>
      {duration(now - dateOf(at).getTime())} ago{' '}
      <span class={narrow ? 'muted below' : 'muted'}>
        ({today ? `${CLOCK.format(dateOf(at))} UTC` : exactTime(at)})
      </span>
    </time>
  )
}
