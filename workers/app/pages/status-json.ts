import type { MonitorStatus } from '../../../shared/domain/schedule.ts'
import { OVERALL_SENTENCES, type Overall } from '../../../shared/domain/status.ts'
import { exactTime } from './components/time.tsx'
import type { PublicComponent, PublicIncident, PublicStatus } from './public-status.ts'
import { incidentText } from './status-feed.ts'

// The shape that Atlassian Statuspage gives out under /api/v2, so that what reads that reads this. It has no word for
// "not known": what is not known is said as the mildest trouble that it has, never as operational, and in words beside it.

const INDICATORS: Record<Overall, 'none' | 'minor' | 'major' | 'critical'> = {
  operational: 'none',
  degraded: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
  unknown: 'minor',
}

const COMPONENT_STATUSES: Record<MonitorStatus, string> = {
  up: 'operational',
  degraded: 'degraded_performance',
  down: 'major_outage',
  stale: 'degraded_performance',
  paused: 'under_maintenance',
  pending: 'under_maintenance',
}

const iso = (at: number) => new Date(at).toISOString()

/** What a component's status does not say by itself. */
function descriptionOf({ status, lastCheckedAt }: PublicComponent): string | null {
  if (status === 'paused') return 'Not watched just now.'
  if (status === 'pending') return 'Not checked yet.'
  if (status !== 'stale') return null
  return lastCheckedAt === null ? 'There is no data just now.' : `No data since ${exactTime(lastCheckedAt)}.`
}

const componentOf = (component: PublicComponent, position: number, pageId: string) => ({
  id: component.id,
  name: component.name,
  status: COMPONENT_STATUSES[component.status],
  created_at: iso(component.createdAt),
  updated_at: iso(component.since ?? component.createdAt),
  position,
  description: descriptionOf(component),
  showcase: true,
  start_date: null,
  group_id: null,
  page_id: pageId,
  group: false,
  only_show_if_degraded: false,
})

const allComponents = ({ id, components }: PublicStatus) =>
  components.map((component, i) => componentOf(component, i + 1, id))

function updatesOf(incident: PublicIncident) {
  const { id, startedAt, resolvedAt } = incident
  const update = (status: string, at: number, body: string) => ({
    id: `${id}-${status}`,
    status,
    body,
    incident_id: id,
    created_at: iso(at),
    updated_at: iso(at),
    display_at: iso(at),
    affected_components: null,
    deliver_notifications: false,
    custom_tweet: null,
    tweet_id: null,
  })
  const begun = update('investigating', startedAt, incidentText({ ...incident, resolvedAt: null }))
  return resolvedAt === null ? [begun] : [update('resolved', resolvedAt, incidentText(incident)), begun]
}

function incidentOf(incident: PublicIncident, { id: pageId, address }: PublicStatus, components: { id: string }[]) {
  const { id, componentId, name, startedAt, resolvedAt } = incident
  return {
    id,
    name: resolvedAt === null ? `${name} is down` : `${name} was down`,
    status: resolvedAt === null ? 'investigating' : 'resolved',
    created_at: iso(startedAt),
    updated_at: iso(resolvedAt ?? startedAt),
    monitoring_at: null,
    resolved_at: resolvedAt === null ? null : iso(resolvedAt),
    impact: 'major',
    shortlink: `${address}#${id}`,
    started_at: iso(startedAt),
    page_id: pageId,
    incident_updates: updatesOf(incident),
    components: components.filter((component) => component.id === componentId),
  }
}

function allIncidents(status: PublicStatus, which: (incident: PublicIncident) => boolean) {
  const components = allComponents(status)
  return status.incidents.filter(which).map((incident) => incidentOf(incident, status, components))
}

const isOpen = ({ resolvedAt }: PublicIncident) => resolvedAt === null

const pageOf = ({ id, title, address, changedAt }: PublicStatus) => ({
  page: { id, name: title, url: address, time_zone: 'Etc/UTC', updated_at: iso(changedAt) },
})
const overallOf = ({ overall }: PublicStatus) => ({
  status: { indicator: INDICATORS[overall], description: OVERALL_SENTENCES[overall] },
})

/** The state of the page alone. */
export const statusJson = (status: PublicStatus) => ({ ...pageOf(status), ...overallOf(status) })

/** Its components, in the order of the page. */
export const componentsJson = (status: PublicStatus) => ({ ...pageOf(status), components: allComponents(status) })

/** The incidents of ninety days, those that are open first. */
export const incidentsJson = (status: PublicStatus) => ({
  ...pageOf(status),
  incidents: allIncidents(status, () => true),
})

/** The incidents that are open. */
export const unresolvedJson = (status: PublicStatus) => ({
  ...pageOf(status),
  incidents: allIncidents(status, isOpen),
})

/** All of it in one answer, with the incidents that are open. Maintenance is not planned here yet, so there is none. */
export const summaryJson = (status: PublicStatus) => ({
  ...pageOf(status),
  components: allComponents(status),
  incidents: allIncidents(status, isOpen),
  scheduled_maintenances: [],
  ...overallOf(status),
})
