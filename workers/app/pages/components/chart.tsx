import type { DaySummary, MonitorDetail } from '../../../../shared/domain/schedule.ts'
import { type Column, Table } from './table.tsx'

const W = 1000
const H = 200
const TICKS = [1, 0.75, 0.5, 0.25, 0]
/** Buckets in the table: the newest, of at most two hundred that are drawn. */
const TABLE_ROWS = 120

type Point = MonitorDetail['series'][number]

/** The next round figure above a value: 1, 2, 4, 6 or 8 times a power of ten, so that a quarter of it reads well. */
export function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  const found = [1, 2, 4, 6, 8, 10].find((step) => step * power >= value) ?? 10
  return Math.max(4, found * power)
}

const clock = (at: number) => new Date(at).toISOString().slice(11, 16)
const date = (at: number) => new Date(at).toISOString().slice(5, 10)

/** Points in runs without a gap: where nothing was measured, no line is drawn. */
export function runsOf<P extends { at: number }>(points: P[]): P[][] {
  const steps = points.slice(1).map((point, i) => point.at - (points[i]?.at ?? point.at))
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
  const runs: P[][] = []
  for (const [i, point] of points.entries()) {
    const gap = i === 0 || (steps[i - 1] ?? 0) > 2.5 * usual
    if (gap) runs.push([point])
    else runs.at(-1)?.push(point)
  }
  return runs
}

type Scale = (value: number) => number
type Counted = Pick<Point, 'at' | 'checks' | 'failed'>

/** Latency is of the checks that passed: where all failed there is none, which is not zero. */
const hasLatency = ({ checks, failed }: Counted) => failed < checks

/** The parts of a run that have a latency. */
function partsOf<P extends Counted>(run: P[]): P[][] {
  const parts: P[][] = [[]]
  for (const point of run) {
    if (hasLatency(point)) parts.at(-1)?.push(point)
    else parts.push([])
  }
  return parts.filter(({ length }) => length > 0)
}

/** A path through each run; a lone point is a dot, which the round line end makes visible. */
function lineOf<P extends Counted>(points: P[], x: Scale, y: Scale, pick: (point: P) => number): string {
  return runsOf(points)
    .flatMap(partsOf)
    .map((run) => {
      const [first] = run
      const line = run.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.at)} ${y(pick(point))}`).join('')
      return run.length === 1 && first ? `${line}h.1` : line
    })
    .join('')
}

interface ChartProps {
  series: Point[]
  incidents: { startedAt: string; resolvedAt: string | null }[]
  from: number
  to: number
}

function Key({ of, children }: { of: string; children: string }) {
  return (
    <>
      <svg class="chart key" viewBox="0 0 24 8" aria-hidden="true">
        <path class={of} d="M1 4H23" />
      </svg>
      {children}
    </>
  )
}

const FIGURES: Column<Point>[] = [
  { title: 'From (UTC)', kind: 'head', show: ({ at }) => `${date(at)} ${clock(at)}` },
  { title: 'p50', kind: 'num', show: (point) => (hasLatency(point) ? point.p50 : '–') },
  { title: 'p95', kind: 'num', show: (point) => (hasLatency(point) ? point.p95 : '–') },
  { title: 'p99', kind: 'num', show: (point) => (hasLatency(point) ? point.p99 : '–') },
  { title: 'Checks', kind: 'num', show: ({ checks }) => checks },
  { title: 'Failed', kind: 'num', show: ({ failed }) => failed },
]

/** Where incidents were, within the period. */
function bandsOf({ incidents, from, to }: ChartProps): [start: number, end: number][] {
  return incidents
    .map(({ startedAt, resolvedAt }): [number, number] => [
      Date.parse(startedAt),
      resolvedAt === null ? to : Date.parse(resolvedAt),
    ])
    .filter(([start, end]) => end > from && start < to)
}

function Drawing(props: ChartProps & { top: number }) {
  const { series, from, to, top } = props
  const x = (at: number) => Math.round(((Math.min(Math.max(at, from), to) - from) / (to - from)) * W)
  const y = (value: number) => Math.round(H - (value / top) * H)
  const bands = bandsOf(props)
  const failed = series.filter((point) => point.failed > 0)
  const last = series.findLast(hasLatency)
  const incidents = `${bands.length} ${bands.length === 1 ? 'incident' : 'incidents'}`
  const label = last
    ? `Latency, last p50 ${last.p50} ms, p95 ${last.p95} ms and p99 ${last.p99} ms, ${incidents}`
    : 'Nothing was measured in this period'
  return (
    <svg class="chart" viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {bands.map(([start, end]) => (
        <rect class="incident" x={x(start)} y="0" width={Math.max(2, x(end) - x(start))} height={H} />
      ))}
      <path class="grid" d={TICKS.map((share) => `M0 ${H * share}H${W}`).join('')} />
      <path class="p99" d={lineOf(series, x, y, ({ p99 }) => p99)} />
      <path class="p95" d={lineOf(series, x, y, ({ p95 }) => p95)} />
      <path class="p50" d={lineOf(series, x, y, ({ p50 }) => p50)} />
      <path class="failed" d={failed.map(({ at }) => `M${x(at)} ${H}v-10`).join('')} />
    </svg>
  )
}

/** Latency over a period: three lines, marks where checks failed, bands where an incident was, and the table of it. */
export function LatencyChart(props: ChartProps) {
  const { series, from, to } = props
  const top = ceiling(Math.max(1, ...series.map(({ p50, p95, p99 }) => Math.max(p50, p95, p99))))
  const label = to - from > 2 * 86_400_000 ? date : clock
  const rows = series.slice(-TABLE_ROWS)
  return (
    <>
      <figure class="plot">
        <figcaption class="row small">
          <Key of="p50">p50</Key>
          <Key of="p95">p95</Key>
          <Key of="p99">p99</Key>
          <Key of="failed">failed checks</Key>
          <span class="muted">milliseconds, times in UTC; shaded: incident; no line: nothing measured</span>
        </figcaption>
        <div class="plot-y" aria-hidden="true">
          {TICKS.map((share) => (
            <span>{top * share}</span>
          ))}
        </div>
        <Drawing {...props} top={top} />
        <div class="plot-x" aria-hidden="true">
          {TICKS.toReversed().map((share) => (
            <span>{label(from + (to - from) * share)}</span>
          ))}
        </div>
      </figure>
      {rows.length === 0 ? null : (
        <details class="small">
          <summary>Table of these figures</summary>
          <Table caption="Latency by time, in milliseconds" columns={FIGURES} rows={rows} dense />
        </details>
      )}
    </>
  )
}

/** The p50 of each day, small: its shape beside its figures. */
export function Spark({ days }: { days: DaySummary[] }) {
  const points = days
    .filter(({ checks, failed }) => failed < checks)
    .map((day) => ({ ...day, at: Date.parse(day.day) }))
  const [first] = points
  const last = points.at(-1)
  if (!first || !last || points.length < 2) return <span class="muted">–</span>
  const top = ceiling(Math.max(...points.map(({ p50 }) => p50)))
  const x = (at: number) => Math.round(((at - first.at) / (last.at - first.at)) * 100)
  const y = (value: number) => Math.round(22 - (value / top) * 20)
  const label = `p50 by day, from ${first.p50} to ${last.p50} ms`
  return (
    <svg class="chart spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={label}>
      <path class="p50" d={lineOf(points, x, y, ({ p50 }) => p50)} />
    </svg>
  )
}
