import type { Child } from 'hono/jsx'
import type { ErrorClass } from '../../../../shared/domain/check.ts'
import { FAILURES, failureSentence } from './failures.ts'
import { Badge, Banner } from './status.tsx'
import { type Column, TableFrame, TableRow, WaitingRow } from './table.tsx'
import { Time } from './time.tsx'

/** A check that was made, as far as a page that streams it says: nothing of it is the target's own text. */
export interface SeenCheck {
  /** Unix milliseconds. */
  at: number
  latencyMs: number
  /** 0 when no answer came. */
  status: number
  errorClass: ErrorClass
}

const answered = ({ status }: SeenCheck) => status > 0
const passed = ({ errorClass }: SeenCheck) => errorClass === 'none'
const ours = ({ errorClass }: SeenCheck) => errorClass === 'probe_internal'
const whyNot = ({ errorClass }: SeenCheck) => FAILURES[errorClass]
const ms = (value: number) => `${value.toLocaleString('en')} ms`

function Outcome({ check }: { check: SeenCheck }) {
  if (ours(check)) return <Badge icon="stale">Not known</Badge>
  return (
    <Badge tone={passed(check) ? 'up' : 'down'} icon={passed(check) ? 'up' : 'down'}>
      {passed(check) ? 'Passed' : 'Failed'}
    </Badge>
  )
}

const COLUMNS: Column<SeenCheck>[] = [
  { title: 'When', show: ({ at }) => <Time at={at} /> },
  { title: 'Outcome', show: (check) => <Outcome check={check} /> },
  {
    title: 'Answer',
    show: (check) => (answered(check) ? `It answered ${check.status}.` : failureSentence(check.errorClass)),
  },
  { title: 'Time', kind: 'num', show: (check) => (ours(check) ? '–' : ms(check.latencyMs)) },
]

export const CheckTable = ({ caption, children }: { caption: string; children?: Child }) => (
  <TableFrame caption={caption} columns={COLUMNS}>
    {children}
  </TableFrame>
)
export const CheckRow = ({ check }: { check: SeenCheck }) => <TableRow columns={COLUMNS} row={check} />
export const CheckWaiting = ({ children }: { children?: Child }) => (
  <WaitingRow columns={COLUMNS.length}>{children}</WaitingRow>
)

/** The time that half of the checks were quicker than, or as quick. */
function middle(checks: SeenCheck[]): number {
  const times = checks.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b)
  return times[Math.floor((times.length - 1) / 2)] ?? 0
}

const COUNTS = ['none', 'one', 'two', 'three']
const counted = (count: number) => COUNTS[count] ?? String(count)

/** What the checks come to, in one sentence. */
function sentenceOf(name: string, checks: SeenCheck[]): string {
  const good = checks.filter(passed)
  const [first] = checks.filter((check) => !ours(check))
  if (!first) return `${name} could not be checked on our side. Try again in a moment.`
  if (good.length === 0)
    return answered(first)
      ? `${name} answered ${first.status} in ${ms(first.latencyMs)}, which counts as a failure.`
      : `${name} did not answer: ${whyNot(first)}.`
  const [{ status } = first] = good
  if (good.length === checks.length) return `${name} answered ${status} in ${ms(middle(good))}.`
  return `${name} passed ${counted(good.length)} of ${counted(checks.length)} checks, in ${ms(middle(good))}.`
}

function toneOf(checks: SeenCheck[]) {
  const good = checks.filter(passed).length
  if (checks.every(ours)) return 'stale'
  return good === checks.length ? 'up' : good === 0 ? 'down' : 'degraded'
}

/** The answer at the end of a table of checks. */
export function CheckAnswer({ name, checks }: { name: string; checks: SeenCheck[] }) {
  const tone = toneOf(checks)
  return (
    <Banner tone={tone} icon={tone}>
      <p>
        <strong>{sentenceOf(name, checks)}</strong>
      </p>
    </Banner>
  )
}
