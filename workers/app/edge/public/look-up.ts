import type { Context } from 'hono'
import type { MonitorSummary } from '../../../../shared/domain/schedule.ts'
import { overallStatus } from '../../../../shared/domain/status.ts'
import { AppError } from '../../../../shared/errors.ts'
import { unknown } from '../../../../shared/fault.ts'
import { configOf, type Env, objectOf } from '../../bindings.ts'
import { publicId } from '../../crypto/public-id.ts'
import { database } from '../../db/client.ts'
import type { PublicComponent, PublicIncident, PublicStatus } from '../../pages/public-status.ts'
import { publicPage } from '../../services/public-page/get.ts'
import type { Edge } from '../context.ts'

const WHAT: Record<string, string> = {
  timeout: 'It did not answer in time, from',
  connect: 'No connection could be made, from',
  dns: 'Its name could not be resolved, from',
  tls: 'No secure connection could be made, from',
}

type Page = NonNullable<Awaited<ReturnType<typeof publicPage>>>
type PublicIds = ReadonlyMap<string, string>

async function publicIdsOf({ page, monitors, incidents }: Page): Promise<PublicIds> {
  const ids = [page, ...monitors, ...incidents].map(({ id }) => id)
  return new Map(await Promise.all(ids.map(async (id) => [id, await publicId(page.id, id)] as const)))
}

function componentsOf({ monitors }: Page, ids: PublicIds, summaries: MonitorSummary[] | null): PublicComponent[] {
  const byId = new Map(summaries?.map((summary) => [summary.id, summary]))
  const unheardOf = summaries ? 'pending' : 'stale'
  return monitors.map(({ id, name, active, createdAt }) => {
    const summary = byId.get(id)
    return {
      id: ids.get(id) ?? '',
      name,
      status: active ? (summary?.status ?? unheardOf) : 'paused',
      createdAt,
      since: summary?.since ?? null,
      lastCheckedAt: summary?.lastCheckedAt ?? null,
      days: summary?.days ?? [],
    }
  })
}

function incidentsOf({ monitors, incidents }: Page, ids: PublicIds): PublicIncident[] {
  const names = new Map(monitors.map(({ id, name }) => [id, name]))
  return incidents.map(({ id, monitorId, startedAt, resolvedAt, errorClass }) => ({
    id: ids.get(id) ?? '',
    componentId: ids.get(monitorId) ?? '',
    name: names.get(monitorId) ?? '',
    startedAt,
    resolvedAt,
    what: WHAT[errorClass] ?? 'It answered with an error, from',
  }))
}

/** Figures of the page's monitors. Null when the monitoring object cannot be asked: nothing is known, and the page says so. */
async function summariesOf(env: Env, { page, monitors }: Page, days: number): Promise<MonitorSummary[] | null> {
  const ids = monitors.map((monitor) => monitor.id)
  const monitoring = objectOf(env.MONITORING, env, page.workspaceId)
  return ids.length === 0
    ? []
    : monitoring.summaries(ids, days).catch((error) => unknown('monitoring.unreachable', error))
}

/**
 * The one way to what a status page shows, whatever form it is asked for in: who may not see it here, sees it nowhere.
 * One D1 round trip, and the figures of the monitoring object, with so many days. Throws `not_found` alike for a page
 * that is gone, one that never was and one that may not be seen.
 */
export async function lookUp(c: Context<Edge>, days: number, now: number): Promise<PublicStatus> {
  const slug = c.req.param('slug') ?? ''
  const found = await publicPage(database(c.env.DB), slug, now)
  if (!found) throw new AppError('not_found', 'There is no status page at this address.')
  const [ids, summaries] = await Promise.all([publicIdsOf(found), summariesOf(c.env, found, days)])
  const components = componentsOf(found, ids, summaries)
  const incidents = incidentsOf(found, ids)
  const changes = [
    ...components.map(({ since }) => since),
    ...incidents.map(({ startedAt, resolvedAt }) => resolvedAt ?? startedAt),
  ]
  return {
    id: ids.get(found.page.id) ?? '',
    title: found.page.title,
    address: `${configOf(c.env).statusUrl}/s/${slug}`,
    overall: overallStatus(
      components.map(({ status }) => status),
      incidents.filter(({ resolvedAt }) => resolvedAt === null).length,
    ),
    components,
    incidents,
    cut: found.cut,
    changedAt: Math.max(found.page.updatedAt, ...changes.flatMap((at) => at ?? [])),
  }
}
