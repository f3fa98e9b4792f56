import { ById } from '../../../../shared/contracts/common.ts'
import type { MonitorStatusView } from '../../../../shared/contracts/monitor.ts'
import type { MonitorSummary } from '../../../../shared/domain/schedule.ts'
import { uptimeOf } from '../../../../shared/domain/uptime.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { monitorById } from './rows.ts'

const DAYS = 90

const timeOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())

function statusView(id: string, summary: MonitorSummary | undefined, now: number): MonitorStatusView {
  const { status = 'pending', since = null, lastCheckedAt = null, lastLatencyMs = null, days = [] } = summary ?? {}
  return {
    monitorId: id,
    status,
    since: timeOf(since),
    lastCheckedAt: timeOf(lastCheckedAt),
    lastLatencyMs,
    uptime: { days7: uptimeOf(days, now, 7), days30: uptimeOf(days, now, 30), days90: uptimeOf(days, now, 90) },
    days,
  }
}

/** How a monitor stands, and its days, from the object that checks it. One that it has not heard of yet is pending. */
export const monitorStatus = query({
  name: 'monitor.status',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/monitors/:id/status',
  input: ById('monitor'),
  load: (db, { workspaceId }, { id }) => ({ monitor: monitorById(db, workspaceId, id) }),
  async answer({ workspaceId, monitoring, now }, { id }, rows) {
    found(rows.monitor, 'monitor')
    const [summary] = await monitoring.summaries(workspaceId, [id], DAYS)
    return statusView(id, summary, now)
  },
})
