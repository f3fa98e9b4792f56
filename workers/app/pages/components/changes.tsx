import type { AuditEntryView } from '../../../../shared/contracts/audit.ts'
import { actorOf } from './audit-table.tsx'
import { pathWith } from './link.tsx'
import { AUDIT_LOG } from './log-place.ts'
import { Time } from './time.tsx'

/** The newest entries about one thing, each with the way to the log. */
export function Changes({ changes }: { changes: AuditEntryView[] | null }) {
  if (changes === null)
    return (
      <p>
        One of these entries was changed in the database, so none is shown.{' '}
        <a href={AUDIT_LOG.verification}>See what does not verify</a>.
      </p>
    )
  if (changes.length === 0) return <p class="muted">None is kept.</p>
  return (
    <ol class="plain timeline small">
      {changes.map((entry) => (
        <li>
          <a href={pathWith('/audit-logs', { entity: entry.entity.id })}>#{entry.seq}</a> <code>{entry.action}</code> by{' '}
          {actorOf(entry)}, <Time at={entry.at} />
        </li>
      ))}
    </ol>
  )
}
