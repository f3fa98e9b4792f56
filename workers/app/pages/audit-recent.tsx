import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import type { Page } from '../../../shared/contracts/common.ts'
import { LogBadge, LogBanner, type LogStanding, SeenByBrowser } from './components/audit-badge.tsx'
import { AuditTable } from './components/audit-table.tsx'
import { Icon } from './components/icon.tsx'
import { AUDIT_LOG } from './components/log-place.ts'
import { Heading, Older } from './components/page-parts.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** What the larger plan would add. */
function WithPro({ heading, hours }: { heading: string; hours: number }) {
  return (
    <section class="card">
      <div class="stack-sm">
        <h2>
          <Icon name="shield" /> {heading}
        </h2>
        <p>
          Every change of this workspace has its entry, on every plan. On yours you read the last {hours} hours. Pro has
          the whole log: filters by actor, action, thing, way and time, and an export that you verify yourself.
        </p>
        <p class="muted">A workspace that moves to Pro sees its entries from the first one that is kept.</p>
        <p>
          <a class="btn" href="/settings#plan">
            See your plan
          </a>
        </p>
      </div>
    </section>
  )
}

interface RecentProps {
  viewer: Viewer
  page: Page<AuditEntryView>
  standing: LogStanding
  hours: number
}

/** On a plan that does not browse the log: its last hours, without a filter. */
export function RecentAuditLogsPage({ viewer, page, standing, hours }: RecentProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={AUDIT_LOG.current} script="/assets/audit-log.js" ownFinding>
      <div class="stack-sm">
        <Heading title="Audit log" />
        <p class="muted">The last {hours} hours. The database refuses to change an entry or to take one out.</p>
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      {page.data.length > 0 ? (
        <AuditTable entries={page.data} linked={false} />
      ) : (
        <p class="muted">Nothing was changed in the last {hours} hours.</p>
      )}
      <Older path={AUDIT_LOG.path} query={{}} cursor={page.nextCursor} />
      <WithPro heading="The rest of the log is part of Pro" hours={hours} />
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}

/** An export was asked for on a plan that has none. */
export function AuditUpgradePage({ viewer, hours }: { viewer: Viewer; hours: number }) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={AUDIT_LOG.current}>
      <Heading title="Audit log" />
      <WithPro heading="Exports are part of Pro" hours={hours} />
      <p>
        <a class="btn" href={AUDIT_LOG.path}>
          The last {hours} hours
        </a>
      </p>
    </Dashboard>
  )
}
