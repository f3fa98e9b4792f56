import type { MonitorStatus } from './schedule.ts'

export type Overall = 'operational' | 'degraded' | 'partial_outage' | 'major_outage' | 'unknown'

export const OVERALL_SENTENCES: Record<Overall, string> = {
  operational: 'All systems are operational',
  degraded: 'Some systems are degraded',
  partial_outage: 'Some systems are down',
  major_outage: 'All systems are down',
  unknown: 'The state of these systems is not known',
}

/**
 * The one state of a page: of its HTML, its feeds and its badge alike. What is paused or was not checked yet says
 * nothing. Green is said only when everything that is watched is known to be up and no incident is open: between a
 * recovery and the end of its incident, a page is degraded.
 */
export function overallStatus(statuses: MonitorStatus[], openIncidents = 0): Overall {
  const said = statuses.filter((status) => status !== 'paused' && status !== 'pending')
  if (said.length === 0) return 'unknown'
  const down = said.filter((status) => status === 'down').length
  if (down === said.length) return 'major_outage'
  if (down > 0) return 'partial_outage'
  if (said.includes('degraded')) return 'degraded'
  if (said.includes('stale')) return 'unknown'
  return openIncidents > 0 ? 'degraded' : 'operational'
}
