import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import type { IncidentView } from '../../../shared/contracts/incident.ts'
import type { DeliveryView } from '../../../shared/contracts/integration.ts'
import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import type { MonitorDetail } from '../../../shared/domain/schedule.ts'
import { Bars } from './components/bars.tsx'
import { Changes } from './components/changes.tsx'
import { LatencyChart } from './components/chart.tsx'
import { Deliveries } from './components/delivery-table.tsx'
import { Icon } from './components/icon.tsx'
import { IncidentTable } from './components/incident-table.tsx'
import { pathWith, SafeLink } from './components/link.tsx'
import { May } from './components/may.tsx'
import { MonitorSettings } from './components/monitor-settings.tsx'
import { PostButton, Section } from './components/page-parts.tsx'
import { Results } from './components/result-table.tsx'
import { Banner, STATUS_WORDS, Status } from './components/status.tsx'
import { Ago, duration, Time } from './components/time.tsx'
import { uptimeText } from './components/uptime.ts'
import { Dashboard, type Viewer } from './shells.tsx'

export const PERIODS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const
export type Period = keyof typeof PERIODS

export interface MonitorPageProps {
  viewer: Viewer
  monitor: MonitorView
  /** null when the monitoring object could not be asked. */
  detail: MonitorDetail | null
  incidents: IncidentView[]
  deliveries: DeliveryView[]
  integrationNames: Map<string, string>
  /** null when the log cannot be read: somebody changed it. */
  changes: AuditEntryView[] | null
  period: Period
  now: number
}

function Figures({ detail, now }: { detail: MonitorDetail; now: number }) {
  const { last24h, summary } = detail
  const uptime = (count: number) => uptimeText(summary.days, now, count) ?? '–'
  const ms = (value: number) => (last24h.checks === 0 ? '–' : `${value.toLocaleString('en')} ms`)
  const figures = [
    ['Uptime today', uptime(1)],
    ['Uptime 30 days', uptime(30)],
    ['p50, 24 h', ms(last24h.p50)],
    ['p95, 24 h', ms(last24h.p95)],
    ['Checks, 24 h', last24h.checks.toLocaleString('en')],
    ['Failed, 24 h', last24h.failed.toLocaleString('en')],
  ] as const
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd class="value">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What this monitor is and how it was seen last, in one line. */
function Truth({ monitor, detail, now }: MonitorPageProps) {
  const summary = detail?.summary
  return (
    <p class="muted wrap">
      {monitor.method} <SafeLink href={monitor.url}>{monitor.url}</SafeLink> · every{' '}
      {duration(monitor.intervalSeconds * 1000)} ·{' '}
      {summary?.lastCheckedAt ? (
        <>
          last check <Ago at={summary.lastCheckedAt} now={now} />
        </>
      ) : (
        'no check is known'
      )}
      {summary?.since && monitor.active ? (
        <>
          {' '}
          · {STATUS_WORDS[summary.status].toLowerCase()} since <Time at={summary.since} />
        </>
      ) : null}
    </p>
  )
}

function Buttons({ monitor, viewer }: { monitor: MonitorView; viewer: Viewer }) {
  const path = `/monitors/${monitor.id}`
  return (
    <>
      <May viewer={viewer} action="monitor.update">
        <a class="btn" href={`${path}/edit`}>
          <Icon name="edit" />
          Edit
        </a>
      </May>
      <May viewer={viewer} action="monitor.delete">
        <a class="btn" href={`${path}/delete`}>
          <Icon name="trash" />
          Delete
        </a>
      </May>
      {monitor.active ? (
        <>
          <May viewer={viewer} action="monitor.pause">
            <PostButton action={`${path}/pause`} icon="paused">
              Pause
            </PostButton>
          </May>
          <May viewer={viewer} action="monitor.check">
            <PostButton action={`${path}/check`} icon="refresh" primary>
              Check now
            </PostButton>
          </May>
        </>
      ) : (
        <May viewer={viewer} action="monitor.resume">
          <PostButton action={`${path}/resume`} icon="play" primary>
            Resume
          </PostButton>
        </May>
      )}
    </>
  )
}

function Head(props: MonitorPageProps) {
  const { monitor, detail, incidents } = props
  const open = incidents.find(({ resolvedAt }) => resolvedAt === null)
  return (
    <div class="stack">
      <nav class="small" aria-label="Breadcrumb">
        <a href="/monitors">Monitors</a> <span class="muted wrap">/ {monitor.name}</span>
      </nav>
      <div class="row between">
        <h1 class="wrap">{monitor.name}</h1>
        <div class="row">
          <Status status={monitor.active ? (detail?.summary.status ?? 'stale') : 'paused'} />
          <Buttons monitor={monitor} viewer={props.viewer} />
        </div>
      </div>
      <Truth {...props} />
      {open ? (
        <Banner tone="down" icon="down">
          <p>
            <strong>{open.cause.message || 'The check fails.'}</strong>
          </p>
          <p class="small">
            <a href={`/incidents/${open.id}`}>Incident</a> since <Time at={open.startedAt} />
          </p>
        </Banner>
      ) : null}
      {detail === null ? (
        <Banner tone="stale" icon="stale">
          <p>The results cannot be read just now. Reload in a moment.</p>
        </Banner>
      ) : null}
    </div>
  )
}

function Latency({ monitor, incidents, period, now, series }: MonitorPageProps & { series: MonitorDetail['series'] }) {
  const periods = (
    <nav class="pills" aria-label="Period">
      {Object.keys(PERIODS).map((name) => (
        <a
          href={pathWith(`/monitors/${monitor.id}`, { period: name })}
          aria-current={name === period ? 'page' : undefined}
        >
          {name.replace(/\d+/, '$& ')}
        </a>
      ))}
    </nav>
  )
  return (
    <Section id="latency" title="Latency" aside={periods}>
      <LatencyChart series={series} incidents={incidents} from={now - PERIODS[period]} to={now} />
    </Section>
  )
}

/** The sections on what was measured: absent while nothing is known of it. */
function Measured({ detail, ...props }: MonitorPageProps & { detail: MonitorDetail }) {
  return (
    <>
      <Figures detail={detail} now={props.now} />
      <Latency {...props} detail={detail} series={detail.series} />
      <Section id="days" title="90 days" aside={<span class="small muted">Taller bars are days with trouble.</span>}>
        <Bars days={detail.summary.days} now={props.now} />
      </Section>
    </>
  )
}

export function MonitorPage(props: MonitorPageProps) {
  const { viewer, monitor, detail, incidents, deliveries, integrationNames, now } = props
  return (
    <Dashboard title={monitor.name} viewer={viewer} current="/monitors">
      <Head {...props} />
      {detail ? <Measured {...props} detail={detail} /> : null}
      <Section id="incidents" title="Incidents">
        {incidents.length === 0 ? <p class="muted">None so far.</p> : <IncidentTable incidents={incidents} now={now} />}
      </Section>
      {detail ? (
        <Section id="results" title="Last results">
          <Results results={detail.results} />
        </Section>
      ) : null}
      <Section id="alerts" title="Alerts">
        <Deliveries about="this monitor" deliveries={deliveries} integrationNames={integrationNames} />
      </Section>
      <Section id="settings" title="Settings">
        <MonitorSettings monitor={monitor} integrationNames={integrationNames} viewer={viewer} />
      </Section>
      <Section id="changes" title="Changes">
        <Changes changes={props.changes} />
      </Section>
    </Dashboard>
  )
}
