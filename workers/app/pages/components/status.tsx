import type { Child } from 'hono/jsx'
import type { MonitorStatus } from '../../../../shared/domain/schedule.ts'
import type { Overall } from '../../../../shared/domain/status.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon-names.ts'

export const STATUS_WORDS: Record<MonitorStatus, string> = {
  up: 'Operational',
  degraded: 'Degraded',
  down: 'Down',
  paused: 'Paused',
  pending: 'Not checked yet',
  stale: 'No data',
}

/** The state of a whole page looks like that of a monitor: the same tone and the same shape. */
export const OVERALL_TONES: Record<Overall, MonitorStatus> = {
  operational: 'up',
  degraded: 'degraded',
  partial_outage: 'down',
  major_outage: 'down',
  unknown: 'stale',
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

/** A state of something else than a monitor: its own word, with a shape. */
export function Badge({ tone, icon, children }: { tone?: MonitorStatus; icon: IconName; children?: Child }) {
  return (
    <span class="badge" data-status={tone}>
      <Icon name={icon} />
      {children}
    </span>
  )
}

/** Whether an incident is over. */
export function IncidentBadge({ open }: { open: boolean }) {
  return (
    <Badge tone={open ? 'down' : 'up'} icon={open ? 'down' : 'up'}>
      {open ? 'Ongoing' : 'Resolved'}
    </Badge>
  )
}

/** One sentence that matters more than the rest of its page. */
export function Banner({ tone, icon, children }: { tone: MonitorStatus; icon: IconName; children?: Child }) {
  return (
    <div class="banner" data-status={tone} role="status">
      <Icon name={icon} />
      <div class="wrap">{children}</div>
    </div>
  )
}
