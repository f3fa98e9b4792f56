import type { MonitorStatus } from '../../../../shared/domain/schedule.ts'
import { Icon } from './icon.tsx'

export const STATUS_WORDS: Record<MonitorStatus, string> = {
  up: 'Operational',
  degraded: 'Degraded',
  down: 'Down',
  paused: 'Paused',
  pending: 'Not checked yet',
  stale: 'No data',
}

/** A status: a word, a shape and a colour, in that order of importance. */
export function Status({ status }: { status: MonitorStatus }) {
  return (
    <span class="status" data-status={status}>
      <Icon name={status} />
      {STATUS_WORDS[status]}
    </span>
  )
}
