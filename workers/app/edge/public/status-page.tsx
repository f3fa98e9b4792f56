import type { Context } from 'hono'
import type { MonitorSummary } from '../../../../shared/domain/schedule.ts'
import { overallStatus } from '../../../../shared/domain/status.ts'
import { AppError } from '../../../../shared/errors.ts'
import { type Env, objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { renderDocument } from '../../pages/document.tsx'
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

let sheet: Promise<{ styles: string; policy: string }> | null = null

const digest = async (text: string) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...hash))
}

/** The shared sheet, inlined, and a policy that allows these styles and nothing else. Read once an isolate. */
async function loadSheet(env: Env): Promise<{ styles: string; policy: string }> {
  const response = await env.ASSETS.fetch('https://assets/assets/app.css')
  if (!response.ok) throw new AppError('unavailable', 'The page cannot be shown just now. Try again.')
  const styles = (await response.text()).replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/\n\s*/g, '\n')
  const policy = `default-src 'none'; style-src 'sha256-${await digest(styles)}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
  return { styles, policy }
}

type Page = NonNullable<Awaited<ReturnType<typeof publicPage>>>

function componentsOf({ monitors }: Page, summaries: MonitorSummary[]): PublicComponent[] {
  const byId = new Map(summaries.map((summary) => [summary.id, summary]))
  return monitors.map(({ id, name, active }) => {
    const summary = byId.get(id)
    return {
      id,
      name,
      status: active ? (summary?.status ?? 'pending') : 'paused',
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

/** Days of the page's monitors. When the monitoring object cannot be asked, nothing is known, and the page says so. */
async function summariesOf(env: Env, { page, monitors }: Page): Promise<MonitorSummary[]> {
  const ids = monitors.map((monitor) => monitor.id)
  const monitoring = objectOf(env.MONITORING, env, page.workspaceId)
  return ids.length === 0 ? [] : monitoring.summaries(ids, DAYS).catch(() => [])
}

export async function showStatusPage(c: Context<Edge>): Promise<Response> {
  const now = Date.now()
  const found = await publicPage(database(c.env.DB), c.req.param('slug') ?? '', now)
  if (!found) throw new AppError('not_found', 'There is no status page at this address.')
  sheet ??= loadSheet(c.env)
  const { styles, policy } = await sheet.catch((error) => {
    sheet = null
    throw error
  })
  const components = componentsOf(found, await summariesOf(c.env, found))
  const html = renderDocument(
    <StatusPage
      title={found.page.title}
      overall={overallStatus(components.map(({ status }) => status))}
      components={components}
      incidents={incidentsOf(found)}
      styles={styles}
      now={now}
    />,
  )
  const etag = `"${(await digest(html)).slice(0, 27)}"`
  const headers = {
    etag,
    'cache-control': 'public, max-age=15, stale-while-revalidate=60',
    'content-security-policy': policy,
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-resource-policy': 'cross-origin',
  }
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
  return c.body(html, 200, headers)
}
