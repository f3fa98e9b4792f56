import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import type { MonitorStatus, MonitorSummary } from '../../../shared/domain/schedule.ts'
import { uptimeText } from './components/bars.tsx'
import { Icon } from './components/icon.tsx'
import { Empty, Heading, Table } from './components/page-parts.tsx'
import { STATUS_WORDS, Status } from './components/status.tsx'
import { Ago } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

export interface MonitorLine {
  monitor: MonitorView
  summary: MonitorSummary | undefined
}

/** Worst first. */
const ORDER: MonitorStatus[] = ['down', 'degraded', 'stale', 'pending', 'up', 'paused']
const statusOf = ({ monitor, summary }: MonitorLine): MonitorStatus =>
  monitor.active ? (summary?.status ?? 'pending') : 'paused'

interface MonitorsProps {
  viewer: Viewer
  lines: MonitorLine[]
  filter: string | undefined
  now: number
}

function Filters({ lines, filter }: Pick<MonitorsProps, 'lines' | 'filter'>) {
  const counts = Map.groupBy(lines, statusOf)
  const shown = ORDER.filter((status) => counts.has(status))
  return (
    <nav class="row" aria-label="Filter by status">
      <a href="/monitors" aria-current={filter === undefined ? 'page' : undefined}>
        All {lines.length}
      </a>
      {shown.map((status) => (
        <a href={`/monitors?status=${status}`} aria-current={filter === status ? 'page' : undefined}>
          {counts.get(status)?.length} {STATUS_WORDS[status].toLowerCase()}
        </a>
      ))}
    </nav>
  )
}

function Line({ line, now }: { line: MonitorLine; now: number }) {
  const { monitor, summary } = line
  return (
    <tr>
      <td>
        <Status status={statusOf(line)} />
      </td>
      <th scope="row" class="wrap">
        <a href={`/monitors/${monitor.id}`}>{monitor.name}</a>
        <div class="small muted wrap">{monitor.url}</div>
      </th>
      <td class="num">{uptimeText(summary?.days.slice(-1) ?? []) ?? '–'}</td>
      <td class="num">{uptimeText(summary?.days.slice(-30) ?? []) ?? '–'}</td>
      <td class="num">
        {summary?.lastLatencyMs === null || summary === undefined ? '–' : `${summary.lastLatencyMs} ms`}
      </td>
      <td>{summary?.lastCheckedAt ? <Ago at={summary.lastCheckedAt} now={now} /> : 'never'}</td>
    </tr>
  )
}

export function MonitorsPage({ viewer, lines, filter, now }: MonitorsProps) {
  const shown = lines
    .filter((line) => filter === undefined || statusOf(line) === filter)
    .toSorted(
      (a, b) => ORDER.indexOf(statusOf(a)) - ORDER.indexOf(statusOf(b)) || a.monitor.name.localeCompare(b.monitor.name),
    )
  return (
    <Dashboard title="Monitors" viewer={viewer} current="/monitors">
      <Heading title="Monitors">
        <a class="btn btn-primary" href="/monitors/new">
          <Icon name="plus" />
          New monitor
        </a>
      </Heading>
      {lines.length === 0 ? (
        <Empty title="Nothing is watched yet">
          <p>Give Candor the address of a site or an API. The first check is made within seconds.</p>
        </Empty>
      ) : (
        <div class="stack">
          <Filters lines={lines} filter={filter} />
          <Table
            caption="Monitors, worst first"
            columns={['Status', 'Monitor', 'Today', '30 days', 'Latency', 'Last check']}
          >
            {shown.map((line) => (
              <Line line={line} now={now} />
            ))}
          </Table>
        </div>
      )}
    </Dashboard>
  )
}
