import type { Overall } from '../../../../shared/domain/status.ts'
import { OVERALL_SENTENCES } from '../../../../shared/domain/status.ts'
import { AuditDiff } from '../components/audit-diff.tsx'
import { AuditTable } from '../components/audit-table.tsx'
import { Bars } from '../components/bars.tsx'
import { Changes } from '../components/changes.tsx'
import { LatencyChart, Spark } from '../components/chart.tsx'
import { CheckAnswer, CheckRow, CheckTable, CheckWaiting, type SeenCheck } from '../components/check-table.tsx'
import { Deliveries, DeliveryAnswer, Outcome, TryRow, TryTable, TryWaiting } from '../components/delivery-table.tsx'
import { DeploymentRecord } from '../components/deployment-record.tsx'
import { IncidentTable } from '../components/incident-table.tsx'
import { AUDIT_LOG } from '../components/log-place.ts'
import { columnsFor } from '../components/may.tsx'
import { MonitorSettings } from '../components/monitor-settings.tsx'
import { Answer } from '../components/public-answer.tsx'
import { Foot, Top } from '../components/public-frame.tsx'
import { Attempts, Results } from '../components/result-table.tsx'
import { type Column, Table, TableFrame, TableRow, WaitingRow } from '../components/table.tsx'
import { clockIn } from '../components/time.tsx'
import type { PublicStatus } from '../public-status.ts'
import * as data from './data.ts'
import type { DesignPart } from './part.ts'

const Charts = () => (
  <>
    <LatencyChart series={data.series} incidents={data.incidents} from={data.NOW - data.DAY_MS} to={data.NOW} />
    <LatencyChart series={[]} incidents={[]} from={data.NOW - data.DAY_MS} to={data.NOW} />
  </>
)

const Days = () => (
  <>
    <Bars days={data.days(90)} now={data.NOW} />
    <Bars days={data.days(12)} now={data.NOW} />
    <p>
      <Spark days={data.days(30)} /> <span class="small muted">30 days</span>
    </p>
    <p>
      <Spark days={[]} /> <span class="small muted">not known</span>
    </p>
  </>
)

const Figures = () => (
  <>
    <dl class="figures">
      <div>
        <dt>Uptime, 24 h</dt>
        <dd class="value">99.98 %</dd>
      </div>
      <div>
        <dt>p95, 24 h</dt>
        <dd class="value">412 ms</dd>
        <dd class="small">1,380 checks</dd>
      </div>
    </dl>
    <MonitorSettings monitor={data.monitor} integrationNames={data.integrationNames} viewer={data.editor} />
  </>
)

interface Row {
  name: string
  p95: number
}
const COLUMNS: Column<Row>[] = [
  { title: 'Name', kind: 'head', show: ({ name }) => name },
  { title: 'p95', kind: 'num', show: ({ p95 }) => p95 },
  { title: 'Said', kind: 'text', show: () => 'What somebody typed' },
  {
    title: 'Actions',
    kind: 'actions',
    show: () => (
      <a class="btn btn-sm" href="/design">
        Edit
      </a>
    ),
  },
]
const ROWS = [
  { name: 'Checkout', p95: 412 },
  { name: 'Website', p95: 98 },
]
const figures = COLUMNS.filter(({ kind }) => kind !== 'text')

const CHECKS: SeenCheck[] = [
  { at: data.NOW, latencyMs: 34, status: 200, errorClass: 'none' },
  { at: data.NOW, latencyMs: 10_000, status: 0, errorClass: 'timeout' },
]

const Tables = () => (
  <>
    <Table caption="A table" columns={columnsFor(data.editor, ['monitor.update'], COLUMNS)} rows={ROWS} />
    <Table
      caption="A table that stays one on a narrow screen, for somebody who may change nothing"
      columns={columnsFor(data.reader, ['monitor.update'], figures)}
      rows={ROWS}
      dense
    />
    <Results results={data.results} />
    <Results results={[]} />
    <IncidentTable incidents={data.incidents} now={data.NOW} monitorNames={data.monitorNames} />
    <Attempts results={data.results.toReversed()} />
    <Deliveries about="this monitor" deliveries={data.deliveries} integrationNames={data.integrationNames} />
    <Deliveries about="this monitor" deliveries={[]} integrationNames={data.integrationNames} />
    <AuditTable entries={data.entries} linked />
    <Changes changes={data.entries} />
    <Changes changes={[]} />
    <Changes changes={null} />
    <TableFrame caption="A table whose rows come one by one" columns={figures}>
      <TableRow columns={figures} row={{ name: 'Website', p95: 98 }} />
      <WaitingRow columns={figures.length}>The next one is on its way …</WaitingRow>
    </TableFrame>
    <TryTable caption="Tries of a message">
      {data.deliveries.map((delivery) => (
        <TryRow delivery={delivery} />
      ))}
      <TryWaiting>It is sent again …</TryWaiting>
    </TryTable>
    {data.deliveries.map((delivery) => (
      <div class="stack-sm">
        <Outcome {...delivery} />
        <DeliveryAnswer delivery={delivery} />
      </div>
    ))}
    <DeliveryAnswer delivery={null} />
    <CheckTable caption="Checks that somebody asked for">
      {CHECKS.map((check) => (
        <CheckRow check={check} />
      ))}
      <CheckWaiting>Checking once more…</CheckWaiting>
    </CheckTable>
    <CheckAnswer name="shop.example" checks={CHECKS} />
  </>
)

const [entry] = data.entries

const Records = () => (
  <>
    <div class="wrap">{entry && <AuditDiff entry={entry} place={AUDIT_LOG} />}</div>
    <DeploymentRecord
      state={{
        newest: { size: 48_213, seq: 1204, at: data.NOW - data.DAY_MS },
        refused: { size: 48_000, reason: 'rolled back', at: data.NOW },
        witnessed: { by: 'witness.example/w1', at: data.NOW },
        hasWitness: true,
      }}
    />
    <DeploymentRecord state={null} />
    <ol class="timeline plain">
      <li>Something happened</li>
      <li>Something else did</li>
    </ol>
  </>
)

const publicStatus = (overall: Overall): PublicStatus => ({
  id: overall,
  title: 'Acme',
  address: 'https://status.acme.example/s/acme',
  overall,
  components: [
    {
      id: 'website',
      name: 'Website',
      status: overall === 'operational' ? 'up' : overall === 'unknown' ? 'stale' : 'down',
      createdAt: data.NOW - 90 * data.DAY_MS,
      since: data.NOW - data.DAY_MS,
      lastCheckedAt: data.NOW - 14_000,
      days: [],
    },
  ],
  incidents: [],
  cut: false,
  changedAt: data.NOW,
})

const Answers = () => (
  <>
    <Top title="Acme" path="/design" />
    {(Object.keys(OVERALL_SENTENCES) as Overall[]).map((overall) => (
      <Answer status={publicStatus(overall)} clock={undefined} />
    ))}
    <Foot path="/design" clock={undefined} />
    <Foot path="/design" clock={clockIn('Europe/Berlin')} />
  </>
)

/** What is measured and noted. */
export const FIGURE_PARTS: DesignPart[] = [
  { id: 'charts', title: 'Latency', show: Charts },
  { id: 'days', title: 'Days', show: Days },
  { id: 'figures', title: 'Figures', show: Figures },
  { id: 'tables', title: 'Tables', wide: true, show: Tables },
  { id: 'records', title: 'Records', show: Records },
  { id: 'answers', title: 'On a status page', show: Answers },
]
