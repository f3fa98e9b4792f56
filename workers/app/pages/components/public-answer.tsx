import type { MonitorStatus } from '../../../../shared/domain/schedule.ts'
import { OVERALL_SENTENCES } from '../../../../shared/domain/status.ts'
import type { PublicComponent, PublicStatus } from '../public-status.ts'
import { Banner, OVERALL_TONES, STATUS_WORDS } from './status.tsx'
import { type Clock, Time } from './time.tsx'

interface AnswerProps {
  status: PublicStatus
  clock: Clock | null | undefined
}

/** Components that are not as they should be, worst first, in one line. */
function troubleIn(components: PublicComponent[]): string {
  const worst: MonitorStatus[] = ['down', 'degraded', 'stale']
  return worst
    .flatMap((status) => components.filter((component) => component.status === status))
    .map(({ name, status }) => `${name}: ${STATUS_WORDS[status].toLowerCase()}`)
    .join(' · ')
}

/** How fresh the answer is: when the newest result came, or since when there is none where some are missing. */
function Freshness({ status: { overall, components }, clock }: AnswerProps) {
  const checkedAt = (list: PublicComponent[]) => list.flatMap(({ lastCheckedAt }) => lastCheckedAt ?? [])
  const stale = components.filter(({ status }) => status === 'stale')
  if (overall === 'unknown' && stale.length > 0) {
    const since = checkedAt(stale)
    if (since.length === 0) return <p>There is no data just now.</p>
    return (
      <p>
        No data since <Time at={Math.min(...since)} clock={clock} />
      </p>
    )
  }
  const checked = checkedAt(components)
  if (checked.length === 0) return <p>Not checked yet</p>
  return (
    <p>
      Checked <Time at={Math.max(...checked)} clock={clock} />
    </p>
  )
}

/** The sentence that a reader came for, what it is about, and how fresh it is. */
export function Answer({ status, clock }: AnswerProps) {
  const { overall, components } = status
  const trouble = troubleIn(components)
  const tone = OVERALL_TONES[overall]
  return (
    <div class="stack answer">
      <h1>{OVERALL_SENTENCES[overall]}</h1>
      <Banner tone={tone} icon={tone}>
        {trouble === '' ? null : (
          <p>
            <strong>{trouble}</strong>
          </p>
        )}
        <Freshness status={status} clock={clock} />
      </Banner>
      {clock === null ? <p class="small muted">There is no time zone of that name, so times are in UTC.</p> : null}
    </div>
  )
}
