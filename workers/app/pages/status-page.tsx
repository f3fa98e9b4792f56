import type { DaySummary, MonitorStatus } from '../../../shared/domain/schedule.ts'
import { OVERALL_SENTENCES, type Overall } from '../../../shared/domain/status.ts'
import { Bars, uptimeText } from './components/bars.tsx'
import { Icon, type IconName } from './components/icon.tsx'
import { STATUS_WORDS, Status } from './components/status.tsx'
import { duration, Time } from './components/time.tsx'
import { Document } from './document.tsx'

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

function Banner({ overall, components }: Pick<StatusPageProps, 'overall' | 'components'>) {
  const checked = components.flatMap((component) => component.lastCheckedAt ?? [])
  const troubled = components.filter(({ status }) => status === 'down' || status === 'degraded')
  return (
    <div class="banner" data-status={TONES[overall].status} role="status">
      <Icon name={TONES[overall].icon} />
      <div>
        {troubled.length > 0 ? (
          <p>
            <strong>
              {troubled.map(({ name, status }) => `${name}: ${STATUS_WORDS[status].toLowerCase()}`).join(' · ')}
            </strong>
          </p>
        ) : null}
        <p class="small">
          {checked.length > 0 ? (
            <>
              Checked <Time at={Math.max(...checked)} />
            </>
          ) : (
            'Not checked yet'
          )}
        </p>
      </div>
    </div>
  )
}

function Incident({ incident, now }: { incident: PublicIncident; now: number }) {
  const { name, startedAt, resolvedAt, what } = incident
  return (
    <li>
      <div class="row between">
        <h3 class="wrap">{name}</h3>
        <span class="badge" data-status={resolvedAt === null ? 'down' : 'up'}>
          {resolvedAt === null ? 'Ongoing' : 'Resolved'}
        </span>
      </div>
      <p>
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

function Component({ component, now }: { component: PublicComponent; now: number }) {
  const uptime = uptimeText(component.days)
  return (
    <li>
      <div class="row between">
        <h3 class="wrap">{component.name}</h3>
        <span class="row">
          {uptime === null ? null : <span class="small muted num">{uptime}</span>}
          <Status status={component.status} />
        </span>
      </div>
      {component.status === 'stale' && component.lastCheckedAt !== null ? (
        <p class="small muted">
          No data since <Time at={component.lastCheckedAt} />
        </p>
      ) : null}
      <Bars days={component.days} now={now} />
    </li>
  )
}

/** The public page: the answer first. One request, no script. */
export function StatusPage(props: StatusPageProps) {
  const { title, overall, components, incidents, styles, now } = props
  const open = incidents.filter((incident) => incident.resolvedAt === null)
  const past = incidents.filter((incident) => incident.resolvedAt !== null)
  return (
    <Document title={`${OVERALL_SENTENCES[overall]} · ${title}`} styles={styles} description={`Status of ${title}`}>
      <div class="page stack-lg">
        <header>
          <strong class="wrap">{title}</strong>
        </header>
        <main id="main" class="stack-lg">
          <div class="stack">
            <h1>{OVERALL_SENTENCES[overall]}</h1>
            <Banner overall={overall} components={components} />
          </div>
          <Incidents title="Happening now" list={open} now={now} />
          <section class="stack">
            <div class="row between">
              <h2>Components</h2>
              <span class="small muted">90 days. Taller bars are days with trouble.</span>
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
          <Incidents title="In the last 90 days" list={past} now={now} />
          {incidents.length === 0 ? <p class="muted">No incident in the last 90 days.</p> : null}
        </main>
        <footer class="foot">All times are UTC. Watched by Candor.</footer>
      </div>
    </Document>
  )
}
