import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import type { IncidentView } from '../../../shared/contracts/incident.ts'
import type { DeliveryView } from '../../../shared/contracts/integration.ts'
import type { ResultPoint } from '../../../shared/domain/schedule.ts'
import { Changes } from './components/changes.tsx'
import { Deliveries } from './components/delivery-table.tsx'
import { SafeLink } from './components/link.tsx'
import { Section } from './components/page-parts.tsx'
import { Attempts } from './components/result-table.tsx'
import { Banner, IncidentBadge } from './components/status.tsx'
import { duration, Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

export interface IncidentPageProps {
  viewer: Viewer
  incident: IncidentView
  monitor: { id: string; name: string; url: string }
  /** null when the monitoring object could not be asked. */
  evidence: ResultPoint[] | null
  deliveries: DeliveryView[]
  integrationNames: Map<string, string>
  /** null when the log cannot be read: somebody changed it. */
  changes: AuditEntryView[] | null
  now: number
}

/** From when to when, and how long that was, in one line. */
function Span({ incident, now }: IncidentPageProps) {
  const { startedAt, resolvedAt } = incident
  const lasted = duration((resolvedAt === null ? now : Date.parse(resolvedAt)) - Date.parse(startedAt))
  return (
    <p class="muted">
      From <Time at={startedAt} />{' '}
      {resolvedAt === null ? (
        <>until now, {lasted} so far</>
      ) : (
        <>
          until <Time at={resolvedAt} />, {lasted}
        </>
      )}
    </p>
  )
}

function Head(props: IncidentPageProps) {
  const { incident, monitor } = props
  const open = incident.resolvedAt === null
  return (
    <div class="stack">
      <nav class="small" aria-label="Breadcrumb">
        <a href="/incidents">Incidents</a> <span class="muted wrap">/ {monitor.name}</span>
      </nav>
      <div class="row between">
        <h1 class="wrap">
          {monitor.name} {open ? 'is down' : 'was down'}
        </h1>
        <IncidentBadge open={open} />
      </div>
      <Span {...props} />
      <p class="wrap">
        <strong>{incident.cause.message || 'The check failed.'}</strong>{' '}
        <span class="muted">
          Seen from {incident.cause.region}, by <a href={`/monitors/${monitor.id}`}>{monitor.name}</a> at{' '}
          <SafeLink href={monitor.url}>{monitor.url}</SafeLink>.
        </span>
      </p>
    </div>
  )
}

function Evidence({ evidence }: Pick<IncidentPageProps, 'evidence'>) {
  if (evidence === null)
    return (
      <Banner tone="stale" icon="stale">
        <p>What was answered cannot be read just now. Reload in a moment.</p>
      </Banner>
    )
  if (evidence.length === 0) return <p class="muted">Not kept any more: what was answered is kept for 30 days.</p>
  return <Attempts results={evidence} />
}

/** One incident whole: how long, what was seen, who was told, and what the log says of it. */
export function IncidentPage(props: IncidentPageProps) {
  const { viewer, monitor, incident, evidence, deliveries, integrationNames, changes } = props
  const title = `${monitor.name} ${incident.resolvedAt === null ? 'is down' : 'was down'}`
  return (
    <Dashboard title={title} viewer={viewer} current="/incidents">
      <Head {...props} />
      <Section id="evidence" title="What was seen">
        <Evidence evidence={evidence} />
      </Section>
      <Section id="alerts" title="Who was told">
        <Deliveries about="this incident" deliveries={deliveries} integrationNames={integrationNames} />
      </Section>
      <Section id="changes" title="In the audit log">
        <Changes changes={changes} />
      </Section>
    </Dashboard>
  )
}
