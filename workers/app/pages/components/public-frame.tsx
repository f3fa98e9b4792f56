import { Icon } from './icon.tsx'
import { pathWith } from './link.tsx'
import type { Clock } from './time.tsx'

/** Whose page it is, and the same for programs: to follow, to read, to show elsewhere. */
export function Top({ title, path }: { title: string; path: string }) {
  return (
    <header class="row between">
      <strong class="wrap">{title}</strong>
      <nav aria-label="Follow this page">
        <ul class="plain row small">
          <li>
            <a href={`${path}/feed.atom`}>
              <Icon name="rss" /> Feed
            </a>
          </li>
          <li>
            <a href={`${path}/api/v2/summary.json`}>JSON</a>
          </li>
          <li>
            <a href={`${path}/badge.svg`}>Badge</a>
          </li>
        </ul>
      </nav>
    </header>
  )
}

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo']

/** In which zone times are, and how to have another one. It stays in the address, and needs no script. */
export function Foot({ path, clock }: { path: string; clock: Clock | null | undefined }) {
  return (
    <footer class="foot stack">
      <p>
        {clock ? (
          <>
            Times are those of {clock.zone}; days are days of UTC. <a href={path}>Show UTC</a>.
          </>
        ) : (
          'All times are UTC.'
        )}{' '}
        For another time zone add ?tz= and its name to the address, as in{' '}
        {ZONES.map((zone, i) => (
          <>
            {i === 0 ? '' : ', '}
            <a href={pathWith(path, { tz: zone })}>{zone}</a>
          </>
        ))}
        .
      </p>
      <p>Watched by Candor.</p>
    </footer>
  )
}
