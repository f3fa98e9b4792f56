import type { ResultPoint } from '../../../../shared/domain/schedule.ts'
import { failureSentence } from './failures.ts'
import { Badge } from './status.tsx'
import { type Column, Table } from './table.tsx'
import { Time } from './time.tsx'

const failed = ({ errorClass }: ResultPoint) => errorClass !== 'none'

const failureOf = ({ status, errorClass }: ResultPoint) =>
  status > 0 ? `Answered ${status}.` : failureSentence(errorClass)

/** What the target answered, as far as it was kept. */
function Evidence({ result }: { result: ResultPoint }) {
  const { evidence, message } = result
  const what = message || evidence?.statusLine || (failed(result) ? failureOf(result) : '')
  if (!evidence) return <>{what}</>
  const answer = [
    evidence.statusLine ?? 'No answer',
    ...evidence.headers.map(({ key, value }) => `${key}: ${value}`),
    '',
    evidence.body,
  ]
  return (
    <details>
      <summary>{what || 'What was answered'}</summary>
      <pre class="code">{answer.join('\n')}</pre>
      {evidence.hops.length > 1 ? <p class="small muted wrap">By way of {evidence.hops.join(' → ')}</p> : null}
    </details>
  )
}

const COLUMNS: Column<ResultPoint>[] = [
  { title: 'When', show: ({ at }) => <Time at={at} /> },
  {
    title: 'Outcome',
    show: (result) => (
      <Badge tone={failed(result) ? 'down' : 'up'} icon={failed(result) ? 'down' : 'up'}>
        {failed(result) ? 'Failed' : 'Passed'}
      </Badge>
    ),
  },
  { title: 'Region', show: ({ region }) => region },
  { title: 'Status', kind: 'num', show: ({ status }) => status || '–' },
  { title: 'Latency', kind: 'num', show: ({ latencyMs }) => `${latencyMs.toLocaleString('en')} ms` },
  { title: 'What was seen', kind: 'text', show: (result) => <Evidence result={result} /> },
]

/** Attempts one after the other, as they were made. */
export const Attempts = ({ results }: { results: ResultPoint[] }) => (
  <Table caption="Attempts, oldest first" columns={COLUMNS} rows={results} />
)

/** The last results of a monitor, failures first. */
export function Results({ results }: { results: ResultPoint[] }) {
  if (results.length === 0)
    return <p class="muted">No result yet. The first check is on its way: reload in a moment.</p>
  const rows = [...results.filter(failed), ...results.filter((result) => !failed(result))]
  return <Table caption="Results, failures first" columns={COLUMNS} rows={rows} />
}
