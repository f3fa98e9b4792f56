import type { Child } from 'hono/jsx'
import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import type { MonitorStatus, MonitorSummary } from '../../../shared/domain/schedule.ts'
import { knownDays } from '../../../shared/domain/uptime.ts'
import { Spark } from './components/chart.tsx'
import { ErrorSummary, type FormState } from './components/form.tsx'
import { Icon } from './components/icon.tsx'
import { pathWith } from './components/link.tsx'
import { columnsFor, May } from './components/may.tsx'
import { Empty, Heading } from './components/page-parts.tsx'
import { NewWithinPlan, type PlanRoom } from './components/plan.tsx'
import { STATUS_WORDS, Status } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Ago } from './components/time.tsx'
import { uptimeText } from './components/uptime.ts'
import { Dashboard, type Viewer } from './shells.tsx'

export interface MonitorLine {
  monitor: MonitorView
  summary: MonitorSummary | undefined
}

/** Worst first. */
const ORDER: MonitorStatus[] = ['down', 'degraded', 'stale', 'pending', 'up', 'paused']
/** How long a new monitor may be without a word from the scheduler. After that its state is not known. */
const NEW_MS = 5 * 60_000

function statusOf({ monitor, summary }: MonitorLine, now: number): MonitorStatus {
  if (!monitor.active) return 'paused'
  return summary?.status ?? (now - Date.parse(monitor.createdAt) < NEW_MS ? 'pending' : 'stale')
}

export interface MonitorsProps {
  viewer: Viewer
  lines: MonitorLine[]
  filter: string | undefined
  now: number
  room: PlanRoom
  /** What was chosen, and what went wrong with it. */
  state?: FormState
}

function Filters({ lines, filter, now }: Omit<MonitorsProps, 'viewer' | 'room'>) {
  const counts = Map.groupBy(lines, (line) => statusOf(line, now))
  const shown = ORDER.filter((status) => counts.has(status) || status === filter)
  return (
    <nav class="pills" aria-label="Filter by status">
      <a href="/monitors" aria-current={filter === undefined ? 'page' : undefined}>
        All {lines.length}
      </a>
      {shown.map((status) => (
        <a
          href={pathWith('/monitors', { status })}
          data-status={status}
          aria-current={filter === status ? 'page' : undefined}
        >
          <Icon name={status} />
          {counts.get(status)?.length ?? 0} {STATUS_WORDS[status].toLowerCase()}
        </a>
      ))}
    </nav>
  )
}

function latencyToday({ summary }: MonitorLine, now: number): string {
  const [today] = knownDays(summary?.days ?? [], now, 1)
  return today === undefined ? '–' : `${today.p50} / ${today.p95} ms`
}

/** Changes that can be made to several at once. */
const TOGETHER = ['monitor.pause', 'monitor.resume', 'monitor.delete']

function Choice({ monitor, chosen }: { monitor: MonitorView; chosen: string[] }) {
  const id = `choose-${monitor.id}`
  return (
    <div class="check choose">
      <input type="checkbox" id={id} name="ids" value={monitor.id} checked={chosen.includes(monitor.id)} />
      <label for={id}>
        Choose <span class="visually-hidden">{monitor.name}</span>
      </label>
    </div>
  )
}

function columnsAt(now: number): Column<MonitorLine>[] {
  const uptime = (count: number) => (line: MonitorLine) => uptimeText(line.summary?.days ?? [], now, count) ?? '–'
  return [
    { title: 'Status', show: (line) => <Status status={statusOf(line, now)} /> },
    {
      title: 'Monitor',
      kind: 'head',
      show: ({ monitor }) => (
        <>
          <a href={`/monitors/${monitor.id}`}>{monitor.name}</a>
          <div class="small muted">{monitor.url}</div>
        </>
      ),
    },
    { title: 'Today', kind: 'num', show: uptime(1) },
    { title: '30 days', kind: 'num', show: uptime(30) },
    { title: 'p50 / p95', kind: 'num', show: (line) => latencyToday(line, now) },
    { title: 'p50, 30 days', show: ({ summary }) => <Spark days={knownDays(summary?.days ?? [], now, 30)} /> },
    {
      title: 'Last check',
      show: ({ summary }) => (summary?.lastCheckedAt ? <Ago at={summary.lastCheckedAt} now={now} narrow /> : 'never'),
    },
  ]
}

const listOf = (state: FormState | undefined): string[] => [state?.values.ids ?? []].flat()

/** The worst first; those that stand alike by name. */
function sorted({ lines, filter, now }: Omit<MonitorsProps, 'viewer' | 'room'>): MonitorLine[] {
  const place = (line: MonitorLine) => ORDER.indexOf(statusOf(line, now))
  return lines
    .filter((line) => filter === undefined || statusOf(line, now) === filter)
    .toSorted((a, b) => place(a) - place(b) || a.monitor.name.localeCompare(b.monitor.name))
}

/** One form around the table: its buttons are for all that are chosen in it. */
function Together({ viewer, filter, children }: Pick<MonitorsProps, 'viewer' | 'filter'> & { children?: Child }) {
  if (!TOGETHER.some((action) => viewer.may.has(action))) return <>{children}</>
  return (
    <form class="stack" method="post" action="/monitors/selected/pause">
      {filter === undefined ? null : <input type="hidden" name="status" value={filter} />}
      {children}
      <div class="row">
        <span class="muted small">With the chosen ones:</span>
        <button type="submit" class="btn btn-sm">
          <Icon name="paused" />
          Pause
        </button>
        <button type="submit" class="btn btn-sm" formaction="/monitors/selected/resume">
          <Icon name="play" />
          Resume
        </button>
        <button type="submit" class="btn btn-sm" formaction="/monitors/selected/delete" formmethod="get">
          <Icon name="trash" />
          Delete
        </button>
      </div>
    </form>
  )
}

function List({ state, ...props }: Omit<MonitorsProps, 'room'>) {
  const shown = sorted(props)
  const chosen = listOf(state)
  const choose: Column<MonitorLine> = {
    title: 'Choose',
    kind: 'actions',
    show: ({ monitor }) => <Choice monitor={monitor} chosen={chosen} />,
  }
  return (
    <div class="stack">
      <Filters {...props} />
      {shown.length === 0 ? (
        <p>
          No monitor has this status just now. <a href="/monitors">Show all</a>
        </p>
      ) : (
        <Together viewer={props.viewer} filter={props.filter}>
          <Table
            caption="Monitors, worst first"
            columns={columnsFor(props.viewer, TOGETHER, [choose, ...columnsAt(props.now)])}
            rows={shown}
          />
        </Together>
      )}
    </div>
  )
}

export function MonitorsPage({ viewer, lines, filter, now, room, state }: MonitorsProps) {
  const add = (otherwise?: string) => (
    <May viewer={viewer} action="monitor.create" otherwise={otherwise}>
      <NewWithinPlan href="/monitors/new" room={room}>
        New monitor
      </NewWithinPlan>
    </May>
  )
  return (
    <Dashboard title="Monitors" viewer={viewer} current="/monitors" failed={state !== undefined}>
      <ErrorSummary errors={state?.errors ?? []} fields={[]} />
      <Heading title="Monitors">{lines.length === 0 ? undefined : add()}</Heading>
      {lines.length === 0 ? (
        <Empty icon="activity" title="Nothing is watched yet">
          <p>Give Candor the address of a site or an API. The first check is made within seconds.</p>
          <p>{add('A member of this workspace can add one.')}</p>
          <May viewer={viewer} action="monitor.create">
            <p>
              <a href="/start">Or take three short steps</a>: a URL, who is told, a public page.
            </p>
          </May>
        </Empty>
      ) : (
        <List viewer={viewer} lines={lines} filter={filter} now={now} state={state} />
      )}
    </Dashboard>
  )
}
