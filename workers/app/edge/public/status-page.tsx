import type { Context } from 'hono'
import type { MonitorSummary } from '../../../../shared/domain/schedule.ts'
import { overallStatus } from '../../../../shared/domain/status.ts'
import { AppError } from '../../../../shared/errors.ts'
import { unknown } from '../../../../shared/fault.ts'
import { type Env, objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { renderDocument } from '../../pages/document.tsx'
import { STATUS_PAGE_CSS } from '../../pages/status-page.css.ts'
import { type PublicComponent, type PublicIncident, StatusPage } from '../../pages/status-page.tsx'
import { publicPage } from '../../services/public-page/get.ts'
import type { Edge } from '../context.ts'

const DAYS = 90

const WHAT: Record<string, string> = {
  timeout: 'It did not answer in time, from',
  connect: 'No connection could be made, from',
  dns: 'Its name could not be resolved, from',
  tls: 'No secure connection could be made, from',
}

const digest = async (text: string) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...hash))
}

let stylesHash: string | null = null

/** Allows the inlined styles and nothing else. They are the same for every page, so their hash is made once an isolate. */
async function policyOf(): Promise<string> {
  stylesHash ??= await digest(STATUS_PAGE_CSS)
  return [
    "default-src 'none'",
    `style-src 'sha256-${stylesHash}'`,
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

/** Whether a browser or a cache has this copy. RFC 9110, 13.1.2: a list, compared weakly, for a proxy that compresses weakens. */
const hasCopy = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)

type Page = NonNullable<Awaited<ReturnType<typeof publicPage>>>

function componentsOf({ monitors }: Page, summaries: MonitorSummary[] | null): PublicComponent[] {
  const byId = new Map(summaries?.map((summary) => [summary.id, summary]))
  const unheardOf = summaries ? 'pending' : 'stale'
  return monitors.map(({ id, name, active }) => {
    const summary = byId.get(id)
    return {
      id,
      name,
      status: active ? (summary?.status ?? unheardOf) : 'paused',
      lastCheckedAt: summary?.lastCheckedAt ?? null,
      days: summary?.days ?? [],
    }
  })
}

function incidentsOf({ monitors, incidents }: Page): PublicIncident[] {
  const names = new Map(monitors.map(({ id, name }) => [id, name]))
  return incidents.map(({ id, monitorId, startedAt, resolvedAt, errorClass }) => ({
    id,
    name: names.get(monitorId) ?? '',
    startedAt,
    resolvedAt,
    what: WHAT[errorClass] ?? 'It answered with an error, from',
  }))
}

/** Days of the page's monitors. Null when the monitoring object cannot be asked: nothing is known, and the page says so. */
async function summariesOf(env: Env, { page, monitors }: Page): Promise<MonitorSummary[] | null> {
  const ids = monitors.map((monitor) => monitor.id)
  const monitoring = objectOf(env.MONITORING, env, page.workspaceId)
  return ids.length === 0
    ? []
    : monitoring.summaries(ids, DAYS).catch((error) => unknown('monitoring.unreachable', error))
}

export async function showStatusPage(c: Context<Edge>): Promise<Response> {
  const now = Date.now()
  const found = await publicPage(database(c.env.DB), c.req.param('slug') ?? '', now)
  if (!found) throw new AppError('not_found', 'There is no status page at this address.')
  const components = componentsOf(found, await summariesOf(c.env, found))
  const incidents = incidentsOf(found)
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null).length
  const html = renderDocument(
    <StatusPage
      title={found.page.title}
      overall={overallStatus(
        components.map(({ status }) => status),
        open,
      )}
      components={components}
      incidents={incidents}
      styles={STATUS_PAGE_CSS}
      now={now}
    />,
  )
  const etag = `"${(await digest(html)).slice(0, 27)}"`
  const headers = {
    etag,
    'cache-control': 'public, max-age=15, stale-while-revalidate=60',
    'content-security-policy': await policyOf(),
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-resource-policy': 'cross-origin',
  }
  if (hasCopy(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers)
  return c.body(html, 200, headers)
}
