import type { z } from 'zod'
import { edge } from '../../workers/app/edge/app.ts'
import type { Mutation } from '../../workers/app/services/mutation.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { QUERIES } from '../../workers/app/services/queries.ts'
import type { Query } from '../../workers/app/services/query.ts'

interface Route {
  method: string
  path: string
}

const split = (route: string): Route => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}

const routed = <T extends { route?: string }>(operations: readonly T[]) =>
  operations.flatMap((operation) =>
    operation.route === undefined ? [] : [{ ...split(operation.route), route: operation.route, operation }],
  )

/** What the REST API reads and changes, as the registers say. */
export const READS: (Route & { route: string; operation: Query })[] = routed(QUERIES)
export const CHANGES: (Route & { route: string; operation: Mutation })[] = routed(MUTATIONS)

/** Every route that the application has mounted, but for middleware. */
const mounted: Route[] = [
  ...new Map(
    edge()
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => [`${method} ${path}`, { method, path }]),
  ).values(),
]

export const API_ROUTES = mounted.filter(({ path }) => path.startsWith('/v1'))

/** What whoever runs this Candor asks for, with a key of their own. */
export const OPERATOR_ROUTES = mounted.filter(({ path }) => path.startsWith('/operator'))

/** What answers without anybody being signed in. Everything else is the dashboard's. */
export const PUBLIC_ROUTES = [
  'GET /',
  'GET /check',
  'GET /.well-known/security.txt',
  'GET /security.txt',
  'GET /robots.txt',
  'GET /health',
  'GET /audit/deployment/checkpoint',
  'GET /audit/deployment/keys',
  'GET /audit/deployment/tile/:level{[0-9]+}/:place{.+}',
  'GET /security',
  'GET /privacy',
  'GET /subprocessors',
  'GET /subprocessors.atom',
  'GET /changelog',
  'GET /changelog.atom',
  'GET /docs',
  'GET /docs/:name',
  'GET /docs/adr/:name',
  'GET /assets/*',
  'GET /mail',
  'GET /mail/:id',
  'GET /mail/:id/html',
  'GET /design',
  'GET /s/:slug',
  'GET /s/:slug/feed.atom',
  'GET /s/:slug/badge.svg',
  'GET /s/:slug/api/v2/summary.json',
  'GET /s/:slug/api/v2/status.json',
  'GET /s/:slug/api/v2/components.json',
  'GET /s/:slug/api/v2/incidents.json',
  'GET /s/:slug/api/v2/incidents/unresolved.json',
  'GET /sign-in',
  'GET /sign-in/:provider',
  'GET /sign-in/:provider/callback',
  'POST /sign-out',
  'POST /secret-scanning',
]

/** Every form in which a status page is given out. */
export const STATUS_PAGE_ROUTES = mounted.map(({ path }) => path).filter((path) => path.startsWith('/s/:slug'))

export const OTHER_ROUTES = mounted.filter(({ path }) => !/^\/(?:v1|operator)/.test(path))
export const DASHBOARD_ROUTES = OTHER_ROUTES.filter(({ method, path }) => !PUBLIC_ROUTES.includes(`${method} ${path}`))

/** Reads that answer page by page. */
export const LISTS = READS.filter(({ operation }) => 'cursor' in ((operation.input as z.ZodObject).shape ?? {}))

/** What the API has besides the registers: a file, made as it is read. */
export const EXPORTS = ['GET /v1/audit-logs/export', 'GET /v1/workspace/export']

const PLACES: Record<string, string> = { seq: '0', level: '0', place: '000' }

/** What a read cannot do without. */
const ASKED: Record<string, string> = {
  '/v1/audit/consistency': '?from=0&to=1',
  '/v1/account/audit/consistency': '?from=0&to=1',
}

/** A path with its parameters filled in. */
export const pathTo = (path: string, id: string): string =>
  path.replaceAll(/:([a-z]+)(?:\{[^}]*\})?/g, (_, name: string) => PLACES[name] ?? id) + (ASKED[path] ?? '')
