import type { MonitorDetail } from '../../../../shared/domain/schedule.ts'

const W = 1000
const H = 200

/** The next round figure above a value: 1, 2 or 5 times a power of ten. */
export function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return [1, 2, 5, 10].map((step) => step * power).find((candidate) => candidate >= value) ?? 10 * power
}

const clock = (at: number) => new Date(at).toISOString().slice(11, 16)
const date = (at: number) => new Date(at).toISOString().slice(5, 10)

interface ChartProps {
  series: MonitorDetail['series']
  incidents: { startedAt: string; resolvedAt: string | null }[]
  from: number
  to: number
}

/** Latency over a period: two lines, bands where an incident was, and the same figures as a table. */
export function LatencyChart({ series, incidents, from, to }: ChartProps) {
  const top = ceiling(Math.max(1, ...series.map((point) => point.p95)))
  const x = (at: number) => Math.round(((Math.min(Math.max(at, from), to) - from) / (to - from)) * W)
  const y = (value: number) => Math.round(H - (value / top) * H)
  const line = (pick: (point: ChartProps['series'][number]) => number) =>
    series.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.at)} ${y(pick(point))}`).join('')
  const bands = incidents
    .map(
      ({ startedAt, resolvedAt }) =>
        [Date.parse(startedAt), resolvedAt === null ? to : Date.parse(resolvedAt)] as const,
    )
    .filter(([start, end]) => end > from && start < to)
  const label = to - from > 2 * 86_400_000 ? date : clock
  const last = series.at(-1)
  return (
    <>
      <figure class="plot">
        <figcaption class="row small">
          <svg class="chart key" viewBox="0 0 24 8" aria-hidden="true">
            <path class="line p50" d="M0 4H24" />
          </svg>
          p50
          <svg class="chart key" viewBox="0 0 24 8" aria-hidden="true">
            <path class="line p95" d="M0 4H24" />
          </svg>
          p95 <span class="muted">milliseconds; shaded: incident</span>
        </figcaption>
        <div class="plot-y" aria-hidden="true">
          {[1, 0.5, 0].map((share) => (
            <span>{top * share}</span>
          ))}
        </div>
        <div class="plot-area">
          <svg
            class="chart"
            viewBox={`0 0 ${W} ${H}`}
            preserveAspectRatio="none"
            height="100%"
            role="img"
            aria-label={
              last
                ? `Latency, last p50 ${last.p50} ms and p95 ${last.p95} ms, ${bands.length} incidents`
                : 'No results in this period'
            }
          >
            {bands.map(([start, end]) => (
              <rect class="incident" x={x(start)} y="0" width={Math.max(2, x(end) - x(start))} height={H} />
            ))}
            <path class="grid" d={`M0 0H${W}M0 ${H / 2}H${W}M0 ${H}H${W}`} />
            <path class="line p95" d={line((point) => point.p95)} />
            <path class="line p50" d={line((point) => point.p50)} />
          </svg>
        </div>
        <div class="plot-x" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <span>{label(from + (to - from) * share)}</span>
          ))}
        </div>
      </figure>
      <details class="small">
        <summary>Table of these figures</summary>
        <section class="scroll" tabindex={0} aria-label="Latency figures">
          <table>
            <caption class="visually-hidden">Latency by time, in milliseconds</caption>
            <thead>
              <tr>
                <th scope="col">From (UTC)</th>
                <th scope="col" class="num">
                  p50
                </th>
                <th scope="col" class="num">
                  p95
                </th>
                <th scope="col" class="num">
                  Checks
                </th>
                <th scope="col" class="num">
                  Failed
                </th>
              </tr>
            </thead>
            <tbody>
              {series.slice(-120).map((point) => (
                <tr>
                  <td>
                    {date(point.at)} {clock(point.at)}
                  </td>
                  <td class="num">{point.p50}</td>
                  <td class="num">{point.p95}</td>
                  <td class="num">{point.checks}</td>
                  <td class="num">{point.failed}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  )
}
