import type { DaySummary, MonitorStatus } from '../../../shared/domain/schedule.ts'
import { OVERALL_SENTENCES, type Overall } from '../../../shared/domain/status.ts'
import { Bars } from './components/bars.tsx'
import type { IconName } from './components/icon.tsx'
import { Banner, IncidentBadge, STATUS_WORDS, Status } from './components/status.tsx'
import { duration, Time } from './components/time.tsx'
import { knownDays, uptimeText } from './components/uptime.ts'
import { Document } from './document.tsx'

const DAYS = 90

export interface PublicComponent {
  id: string
  name: string
  status: MonitorStatus
  lastCheckedAt: number | null
  days: DaySummary[]
}

export interface PublicIncident {
  id: string
  name: string
  startedAt: number
  resolvedAt: number | null
  what: string
}

export interface StatusPageProps {
  title: string
  overall: Overall
  components: PublicComponent[]
  incidents: PublicIncident[]
  styles: string
  now: number
}

const TONES: Record<Overall, { status: MonitorStatus; icon: IconName }> = {
  operational: { status: 'up', icon: 'up' },
  degraded: { status: 'degraded', icon: 'degraded' },
  partial_outage: { status: 'down', icon: 'down' },
  major_outage: { status: 'down', icon: 'down' },
  unknown: { status: 'stale', icon: 'stale' },
}

/** Components that are not as they should be, worst first, in one line. */
function troubleIn(components: PublicComponent[]): string {
  const worst: MonitorStatus[] = ['down', 'degraded', 'stale']
  return worst
    .flatMap((status) => components.filter((component) => component.status === status))
    .map(({ name, status }) => `${name}: ${STATUS_WORDS[status].toLowerCase()}`)
    .join(' · ')
}

function Answer({ overall, components }: Pick<StatusPageProps, 'overall' | 'components'>) {
  const checked = components.flatMap((component) => component.lastCheckedAt ?? [])
  const trouble = troubleIn(components)
  const { status, icon } = TONES[overall]
  return (
    <div class="stack answer">
      <h1>{OVERALL_SENTENCES[overall]}</h1>
      <Banner tone={status} icon={icon}>
        {trouble === '' ? null : (
          <p>
            <strong>{trouble}</strong>
          </p>
        )}
        <p>
          {checked.length > 0 ? (
            <>
              Checked <Time at={Math.max(...checked)} />
            </>
          ) : (
            'Not checked yet'
          )}
        </p>
      </Banner>
    </div>
  )
}

function Incident({ incident, now }: { incident: PublicIncident; now: number }) {
  const { name, startedAt, resolvedAt, what } = incident
  return (
    <li>
      <div class="row between">
        <h3 class="wrap">{name}</h3>
        <IncidentBadge open={resolvedAt === null} />
      </div>
      <p class="wrap">
        {what} <Time at={startedAt} />
        {resolvedAt === null
          ? `, for ${duration(now - startedAt)} so far.`
          : `, for ${duration(resolvedAt - startedAt)}.`}
      </p>
    </li>
  )
}

function Incidents({ title, list, now }: { title: string; list: PublicIncident[]; now: number }) {
  if (list.length === 0) return null
  return (
    <section class="stack">
      <h2>{title}</h2>
      <ul class="plain card">
        {list.map((incident) => (
          <Incident incident={incident} now={now} />
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

function Component({ component, now }: { component: PublicComponent; now: number }) {
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
          No data since <Time at={lastCheckedAt} />
        </p>
      ) : null}
      <Bars days={days} now={now} />
    </li>
  )
}

function Components({ components, now }: Pick<StatusPageProps, 'components' | 'now'>) {
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
            <Component component={component} now={now} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** The public page: the answer first. One request, no script. */
export function StatusPage(props: StatusPageProps) {
  const { title, overall, incidents, styles, now } = props
  const open = incidents.filter((incident) => incident.resolvedAt === null)
  const past = incidents.filter((incident) => incident.resolvedAt !== null)
  return (
    <Document title={`${OVERALL_SENTENCES[overall]} · ${title}`} styles={styles} description={`Status of ${title}`}>
      <div class="page stack-lg">
        <header>
          <strong class="wrap">{title}</strong>
        </header>
        <main id="main" class="stack-lg">
          <Answer {...props} />
          <Incidents title="Happening now" list={open} now={now} />
          <Components {...props} />
          <Incidents title="In the last 90 days" list={past} now={now} />
          {incidents.length === 0 ? <p class="muted">No incident in the last 90 days.</p> : null}
        </main>
        <footer class="foot">All times are UTC. Watched by Candor.</footer>
      </div>
    </Document>
  )
}
