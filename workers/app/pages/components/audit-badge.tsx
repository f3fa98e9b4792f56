import { findingText, type LogFinding } from '../../../../shared/domain/finding.ts'
import { Icon } from './icon.tsx'
import { AUDIT_LOG, type LogPlace } from './log-place.ts'
import { Banner } from './status.tsx'
import { exactTime } from './time.tsx'

/** How the log stands: by its own check, and its head that the browser keeps. */
export interface LogStanding {
  place: LogPlace
  log: string
  /** Entries. */
  size: number
  /** Root of the head, base64. */
  root: string
  checkedSize: number
  /** When the first entry was read for that, and when the last one. Unix milliseconds; 0 when it was never checked. */
  checkedSince: number
  checkedAt: number
  finding: LogFinding | null
  /** False when the log could not be asked how it stands. */
  known: boolean
}

/** Apart by more than this, the two ends of a reading are both said. */
const AT_ONCE_MS = 60_000

function verifiedWords({ checkedSize, checkedSince, checkedAt }: LogStanding): string {
  const words = `Verified to #${(checkedSize - 1).toLocaleString('en')}, ${exactTime(checkedAt)}`
  if (checkedSince === 0 || checkedAt - checkedSince <= AT_ONCE_MS) return words
  return `${words}; read from the first entry on since ${exactTime(checkedSince)}`
}

/** "Verified to #48,213", with the way to check that oneself. */
export function LogBadge({ standing }: { standing: LogStanding }) {
  const { place, finding, checkedSize, known } = standing
  if (finding) return null
  const words = !known || checkedSize === 0 ? 'Not verified yet' : verifiedWords(standing)
  return (
    <p>
      <a class="badge" data-status={known && checkedSize > 0 ? 'up' : undefined} href={place.verification}>
        <Icon name={known && checkedSize > 0 ? 'shield' : 'stale'} />
        {words}
      </a>
    </p>
  )
}

/** On every page of the dashboard: that the log does not verify, and where to look. */
export function FindingBanner({ finding }: { finding: LogFinding }) {
  return (
    <Banner tone="down" icon="down">
      <p>
        <strong>The audit log of this workspace does not verify: {findingText(finding)}.</strong>
      </p>
      <p class="small">
        <a href={AUDIT_LOG.verification}>What this means, and how to check it</a>
      </p>
    </Banner>
  )
}

/** The log does not verify: what, and from where on. */
export function LogBanner({ standing: { place, finding } }: { standing: LogStanding }) {
  if (!finding) return null
  return (
    <Banner tone="down" icon="down">
      <p>
        <strong>This log does not verify: {findingText(finding)}.</strong>
      </p>
      <p class="small">
        What follows it cannot be trusted either. <a href={place.verification}>How to check it yourself</a>
      </p>
    </Banner>
  )
}

/** Where the script says what this browser knows; without it, that it does not run. */
export function SeenByBrowser({ standing: { place, log, size, root } }: { standing: LogStanding }) {
  return (
    <p class="small muted" data-log={log} data-api={place.api} data-size={size} data-root={root}>
      This browser keeps no head of the log: that takes a script, and it does not run here. The log can be verified all
      the same: <a href={place.verification}>how</a>.
    </p>
  )
}
