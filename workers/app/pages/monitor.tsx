import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import type { IncidentView } from '../../../shared/contracts/incident.ts'
import type { DeliveryView } from '../../../shared/contracts/integration.ts'
import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import type { MonitorDetail, ResultPoint } from '../../../shared/domain/schedule.ts'
import { Bars, uptimeText } from './components/bars.tsx'
import { LatencyChart } from './components/chart.tsx'
import { IncidentTable } from './components/incident-table.tsx'
import { SafeLink } from './components/link.tsx'
import { PostButton, SecretText, Table } from './components/page-parts.tsx'
import { Status } from './components/status.tsx'
import { Ago, duration, Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

export const PERIODS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const
export type Period = keyof typeof PERIODS

export interface MonitorPageProps {
  viewer: Viewer
  monitor: MonitorView
  detail: MonitorDetail | null
  incidents: IncidentView[]
  deliveries: DeliveryView[]
  integrationNames: Map<string, string>
  changes: AuditEntryView[]
  period: Period
  now: number
}

const uptime24h = (detail: MonitorDetail) => uptimeText(detail.summary.days.slice(-1)) ?? '–'

function Figures({ detail }: { detail: MonitorDetail }) {
  const { last24h, summary } = detail
  const figures = [
    ['Uptime today', uptime24h(detail)],
    ['Uptime 30 d', uptimeText(summary.days.slice(-30)) ?? '–'],
    ['p50, 24 h', `${last24h.p50} ms`],
    ['p95, 24 h', `${last24h.p95} ms`],
    ['Checks, 24 h', last24h.checks.toLocaleString('en')],
    ['Failed, 24 h', last24h.failed.toLocaleString('en')],
  ] as const
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Evidence({ result }: { result: ResultPoint }) {
  const { evidence } = result
  if (!evidence) return <>{result.message || (result.errorClass === 'none' ? 'Passed' : result.errorClass)}</>
  return (
    <details>
      <summary>{result.message || evidence.statusLine || 'Passed'}</summary>
      <pre class="code">
        {[
          evidence.statusLine ?? 'No answer',
          ...evidence.headers.map(({ key, value }) => `${key}: ${value}`),
          '',
          evidence.body,
        ].join('\n')}
      </pre>
      {evidence.hops.length > 1 ? <p class="small muted wrap">By way of {evidence.hops.join(' → ')}</p> : null}
    </details>
  )
}

function Results({ results }: { results: ResultPoint[] }) {
  const failed = results.filter((result) => result.errorClass !== 'none')
  const sorted = [...failed, ...results.filter((result) => result.errorClass === 'none')]
  return (
    <Table caption="Last results, failures first" columns={['When', 'Region', 'Status', 'Latency', 'What happened']}>
      {sorted.map((result) => (
        <tr>
          <td>
            <Time at={result.at} />
          </td>
          <td>{result.region}</td>
          <td class="num">{result.status || '–'}</td>
          <td class="num">{result.latencyMs} ms</td>
          <td class="wrap">
            <Evidence result={result} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Alerts({ deliveries, integrationNames }: Pick<MonitorPageProps, 'deliveries' | 'integrationNames'>) {
  if (deliveries.length === 0) return <p class="muted">Nothing has been sent about this monitor.</p>
  return (
    <Table caption="Messages sent" columns={['When', 'To', 'Event', 'Outcome', 'Tries']}>
      {deliveries.map((delivery) => (
        <tr>
          <td>
            <Time at={delivery.createdAt} />
          </td>
          <td class="wrap">{integrationNames.get(delivery.integrationId) ?? 'a removed integration'}</td>
          <td>
            <code>{delivery.event}</code>
          </td>
          <td>
            {delivery.status === 'waiting' ? 'Waiting. ' : ''}
            {delivery.message}
          </td>
          <td class="num">{delivery.attempts}</td>
        </tr>
      ))}
    </Table>
  )
}

function Changes({ changes }: { changes: AuditEntryView[] }) {
  return (
    <ol class="plain timeline">
      {changes.map((entry) => (
        <li>
          <a href={`/audit-logs?entity=${entry.entity.id}`}>#{entry.seq}</a> <code>{entry.action}</code> by{' '}
          {entry.actorName ?? entry.actor.type}, <Time at={entry.at} />
        </li>
      ))}
    </ol>
  )
}

function Head({ monitor, detail, now }: MonitorPageProps) {
  const summary = detail?.summary
  const status = monitor.active ? (summary?.status ?? 'pending') : 'paused'
  return (
    <div class="stack">
      <p class="small">
        <a href="/monitors">Monitors</a>
      </p>
      <div class="row between">
        <h1 class="wrap">{monitor.name}</h1>
        <div class="row">
          <Status status={status} />
          <a class="btn" href={`/monitors/${monitor.id}/edit`}>
            Edit
          </a>
          <PostButton action={`/monitors/${monitor.id}/${monitor.active ? 'pause' : 'resume'}`}>
            {monitor.active ? 'Pause' : 'Resume'}
          </PostButton>
          <a class="btn" href={`/monitors/${monitor.id}/delete`}>
            Delete
          </a>
          {monitor.active ? (
            <form method="post" action={`/monitors/${monitor.id}/check`}>
              <button type="submit" class="btn btn-primary">
                Check now
              </button>
            </form>
          ) : null}
        </div>
      </div>
      <p class="muted wrap">
        {monitor.method} <SafeLink href={monitor.url}>{monitor.url}</SafeLink> · every{' '}
        {duration(monitor.intervalSeconds * 1000)} ·{' '}
        {summary?.lastCheckedAt ? (
          <>
            last check <Ago at={summary.lastCheckedAt} now={now} />
          </>
        ) : (
          'not checked yet'
        )}
        {summary?.since && status !== 'paused' ? (
          <>
            {' '}
            · since <Time at={summary.since} />
          </>
        ) : null}
      </p>
      <p class="small muted">
        Headers <SecretText secret={monitor.headers} /> · Body <SecretText secret={monitor.body} />
      </p>
    </div>
  )
}

export function MonitorPage(props: MonitorPageProps) {
  const { viewer, monitor, detail, incidents, period, now } = props
  return (
    <Dashboard title={monitor.name} viewer={viewer} current="/monitors">
      <Head {...props} />
      {detail ? <Figures detail={detail} /> : null}
      {detail ? (
        <section class="stack" aria-labelledby="latency">
          <div class="row between">
            <h2 id="latency">Latency</h2>
            <nav class="row small" aria-label="Period">
              {Object.keys(PERIODS).map((name) => (
                <a href={`/monitors/${monitor.id}?period=${name}`} aria-current={name === period ? 'page' : undefined}>
                  {name}
                </a>
              ))}
            </nav>
          </div>
          <LatencyChart series={detail.series} incidents={incidents} from={now - PERIODS[period]} to={now} />
        </section>
      ) : null}
      {detail ? (
        <section class="stack" aria-labelledby="days">
          <h2 id="days">Ninety days</h2>
          <Bars days={detail.summary.days} now={now} />
        </section>
      ) : null}
      <section class="stack" aria-labelledby="incidents">
        <h2 id="incidents">Incidents</h2>
        {incidents.length === 0 ? <p class="muted">None so far.</p> : <IncidentTable incidents={incidents} now={now} />}
      </section>
      <section class="stack" aria-labelledby="results">
        <h2 id="results">Last results</h2>
        {detail && detail.results.length > 0 ? (
          <Results results={detail.results} />
        ) : (
          <p class="muted">No result yet. The first check is on its way: reload in a moment.</p>
        )}
      </section>
      <section class="stack" aria-labelledby="alerts">
        <h2 id="alerts">Messages sent</h2>
        <Alerts {...props} />
      </section>
      <section class="stack" aria-labelledby="changes">
        <h2 id="changes">Changes</h2>
        <Changes changes={props.changes} />
      </section>
    </Dashboard>
  )
}
