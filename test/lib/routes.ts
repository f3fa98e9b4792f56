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

/** What answers without anybody being signed in. Everything else is the dashboard's. */
export const PUBLIC_ROUTES = [
  'GET /',
  'GET /.well-known/security.txt',
  'GET /security.txt',
  'GET /robots.txt',
  'GET /health',
  'GET /assets/*',
  'GET /s/:slug',
  'GET /sign-in',
  'GET /sign-in/:provider',
  'GET /sign-in/:provider/callback',
  'POST /sign-out',
]

export const OTHER_ROUTES = mounted.filter(({ path }) => !path.startsWith('/v1'))
export const DASHBOARD_ROUTES = OTHER_ROUTES.filter(({ method, path }) => !PUBLIC_ROUTES.includes(`${method} ${path}`))

/** A path with its parameter filled in. */
export const pathTo = (path: string, id: string): string => path.replace(/:[a-z]+/, id)
