import type { ScheduledMonitor } from '../../../shared/domain/schedule.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import { database } from '../db/client.ts'
import { type MonitorRow, monitorById } from '../services/monitor/rows.ts'
import { workspaceKeys } from '../services/workspace/rows.ts'

function scheduled(row: MonitorRow, keys: ScheduledMonitor['keys']): ScheduledMonitor {
  const { headers, body, workspaceId: _, ...settings } = row
  return {
    id: settings.id,
    version: settings.version,
    active: settings.active,
    intervalSeconds: settings.intervalSeconds,
    timeoutMs: settings.timeoutMs,
    degradedAfterMs: settings.degradedAfterMs,
    kind: settings.kind,
    url: settings.url,
    method: settings.method,
    followRedirects: settings.followRedirects,
    sealedHeaders: headers,
    sealedBody: body,
    keys,
  }
}

/** Tells the monitoring object what a monitor is now. Reads it afresh, so repeats and late arrivals do no harm. */
export async function schedule(env: Env, workspaceId: WorkspaceId, monitorId: string): Promise<void> {
  const db = database(env.DB)
  const [[row], keys] = await db.batch([monitorById(db, workspaceId, monitorId), workspaceKeys(db, workspaceId)])
  const monitoring = objectOf(env.MONITORING, env, workspaceId)
  if (row) await monitoring.put(workspaceId, scheduled(row, keys))
  else await monitoring.remove(monitorId)
}
