import type { DaySummary } from '../../../shared/domain/schedule.ts'
import { OVERALL_SENTENCES } from '../../../shared/domain/status.ts'
import { knownDays } from '../../../shared/domain/uptime.ts'
import { Bars } from './components/bars.tsx'
import { InlineIcons } from './components/icon.tsx'
import { Answer } from './components/public-answer.tsx'
import { Foot, Top } from './components/public-frame.tsx'
import { IncidentBadge, Status } from './components/status.tsx'
import { type Clock, duration, Time } from './components/time.tsx'
import { uptimeText } from './components/uptime.ts'
import { Document } from './document.tsx'
import type { PublicComponent, PublicIncident, PublicStatus } from './public-status.ts'

const DAYS = 90

export interface StatusPageProps {
  status: PublicStatus
  styles: string
  /** How times are written, when a reader asked for a zone; null when there is none of the name that they asked for. */
  clock?: Clock | null
  now: number
}

/** What all parts of the page are told. */
type Told = Pick<StatusPageProps, 'clock' | 'now'>

function Incident({ incident, clock, now }: { incident: PublicIncident } & Told) {
  const { id, name, startedAt, resolvedAt, what } = incident
  return (
    <li id={id}>
      <div class="row between">
        <h3 class="wrap">{name}</h3>
        <IncidentBadge open={resolvedAt === null} />
      </div>
      <p class="wrap">
        {what} <Time at={startedAt} clock={clock} />
        {resolvedAt === null
          ? `, for ${duration(now - startedAt)} so far.`
          : `, for ${duration(resolvedAt - startedAt)}.`}
      </p>
    </li>
  )
}

function Incidents({ title, list, ...told }: { title: string; list: PublicIncident[] } & Told) {
  if (list.length === 0) return null
  return (
    <section class="stack">
      <h2>{title}</h2>
      <ul class="plain card">
        {list.map((incident) => (
          <Incident incident={incident} {...told} />
        ))}
      </ul>
    </section>
  )
}

/** Uptime of what is known, and of how many days that is when it is not all of them. */
function Uptime({ days, now }: { days: DaySummary[]; now: number }) {
  const uptime = uptimeText(days, now, DAYS)
  if (uptime === null) return null
  const known = knownDays(days, now, DAYS).length
  const over = known === DAYS ? '' : ` over ${known} ${known === 1 ? 'day' : 'days'}`
  return (
    <span class="small muted num">
      {uptime} uptime{over}
    </span>
  )
}

function Component({ component, clock, now }: { component: PublicComponent } & Told) {
  const { name, status, lastCheckedAt, days } = component
  return (
    <li>
      <div class="row between">
        <h3 class="wrap">{name}</h3>
        <span class="row">
          <Uptime days={days} now={now} />
          <Status status={status} />
        </span>
      </div>
      {status === 'stale' && lastCheckedAt !== null ? (
        <p class="small muted">
          No data since <Time at={lastCheckedAt} clock={clock} />
        </p>
      ) : null}
      <Bars days={days} now={now} />
    </li>
  )
}

function Components({ components, ...told }: { components: PublicComponent[] } & Told) {
  return (
    <section class="stack">
      <div class="row between">
        <h2>Components</h2>
        <span class="small muted">90 days. Taller bars are days with trouble, low grey ones are not known.</span>
      </div>
      {components.length === 0 ? (
        <p class="muted">Nothing is shown here yet.</p>
      ) : (
        <ul class="plain card">
          {components.map((component) => (
            <Component component={component} {...told} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** The same page for programs. */
const formsOf = (path: string, title: string) => [
  { type: 'application/atom+xml', title: `Incidents of ${title}`, href: `${path}/feed.atom` },
  { type: 'application/json', title: `Status of ${title}`, href: `${path}/api/v2/summary.json` },
]

/** The public page: the answer first. One request, no script. */
export function StatusPage({ status, styles, clock, now }: StatusPageProps) {
  const { title, address, overall, components, incidents, cut } = status
  const path = new URL(address).pathname
  const open = incidents.filter((incident) => incident.resolvedAt === null)
  const past = incidents.filter((incident) => incident.resolvedAt !== null)
  const told = { clock, now }
  return (
    <Document
      title={`${OVERALL_SENTENCES[overall]} · ${title}`}
      styles={styles}
      description={`Status of ${title}`}
      alternates={formsOf(path, title)}
    >
      <InlineIcons>
        <div class="page stack-lg">
          <Top title={title} path={path} />
          <main id="main" class="stack-lg">
            <Answer status={status} clock={clock} />
            <Incidents title="Happening now" list={open} {...told} />
            <Components components={components} {...told} />
            <Incidents title="In the last 90 days" list={past} {...told} />
            {incidents.length === 0 ? <p class="muted">No incident in the last 90 days.</p> : null}
            {cut ? <p class="muted">There were more, which are not listed here.</p> : null}
          </main>
          <Foot path={path} clock={clock} />
        </div>
      </InlineIcons>
    </Document>
  )
}
