import type { Example } from './example.ts'

interface Routes {
  OTHER_ROUTES: { method: string; path: string }[]
  PUBLIC_ROUTES: string[]
}

/** Asked of the router itself, which is typed for Workers and not for Node: so its types are not followed here. */
const ROUTES = new URL('../lib/routes.ts', import.meta.url).pathname
const { OTHER_ROUTES, PUBLIC_ROUTES }: Routes = await import(ROUTES)

/** Whose browser a page is opened in. */
export type Reader = 'ada' | 'linus' | 'nobody'

export interface Address {
  route: string
  path: string
  reader: Reader
  /** Short, for the name of a picture. */
  name: string
}

/** What is not a page. Everything else that the application answers to a GET is opened, the next page as well. */
const NO_PAGE: Record<string, string> = {
  '/.well-known/security.txt': 'text',
  '/security.txt': 'leads to the one above',
  '/robots.txt': 'text',
  '/health': 'JSON',
  '/audit/deployment/checkpoint': 'text',
  '/audit/deployment/keys': 'text',
  '/audit/deployment/tile/:level{[0-9]+}/:place{.+}': 'bytes',
  '/assets/*': 'files',
  '/mail/:id/html': 'the mail itself, in a frame of its page',
  '/audit-logs/export': 'a file',
  '/account/log/export': 'a file',
  '/account/ending': 'leads to /account, unless the account is being deleted',
  '/settings/export': 'a file',
  '/changelog.atom': 'a feed',
  '/subprocessors.atom': 'a feed',
  '/s/:slug/feed.atom': 'a feed',
  '/s/:slug/badge.svg': 'a picture',
  '/s/:slug/api/v2/summary.json': 'JSON',
  '/s/:slug/api/v2/status.json': 'JSON',
  '/s/:slug/api/v2/components.json': 'JSON',
  '/s/:slug/api/v2/incidents.json': 'JSON',
  '/s/:slug/api/v2/incidents/unresolved.json': 'JSON',
  '/monitors/selected/delete': 'leads to /monitors, unless some are chosen',
  '/sign-in/:provider': 'leads to the provider',
}

/** What stands in a path for a parameter that is no id of something in the workspace. */
const FIXED: Record<string, string> = { provider: 'github' }

/** The documents that are opened, by the folder that they are in: one of each kind, and the one with the widest tables. */
const DOCUMENTS: Record<string, string[]> = { docs: ['data'], adr: ['0001-audit-log-and-gates'] }

/** Whom a page is for, when not for whoever its kind is for. */
const READERS: Record<string, Reader> = { '/invitations/:id': 'linus', '/mail': 'ada', '/mail/:id': 'ada' }

/** Pages that say that something is wrong, on purpose. */
export const REFUSALS: Record<string, number> = { '/sign-in/:provider/callback': 400 }

/** All paths of a route: with each of the ids that the example has there. */
function pathsOf(route: string, ids: Example['ids']): string[] {
  const [, before = '', name = ''] = /([^/]+)\/:([a-z]+)/i.exec(route) ?? []
  if (name === '') return [route]
  const values = name in FIXED ? [FIXED[name] ?? ''] : (ids[before] ?? DOCUMENTS[before] ?? [])
  if (values.length === 0) throw new Error(`No page of ${route} is opened: say in test/browser what :${name} is.`)
  return values.map((value) => route.replace(/:[a-z]+/i, value))
}

/** The same page with its other ids is worth a look of its own only where it shows how something stands. */
const EACH = ['/monitors/:id']

const nameOf = (route: string) =>
  route === '/'
    ? 'landing'
    : route
        .slice(1)
        .replaceAll('/:', '-')
        .replaceAll(/[^a-z]+/gi, '-')

/** Every page there is. */
export function addresses(ids: Example['ids']): Address[] {
  const routes = OTHER_ROUTES.filter(({ method, path }) => method === 'GET' && !(path in NO_PAGE))
  return routes.flatMap(({ path: route }) => {
    const paths = pathsOf(route, ids).slice(0, EACH.includes(route) ? undefined : 1)
    const reader = READERS[route] ?? (PUBLIC_ROUTES.includes(`GET ${route}`) ? 'nobody' : 'ada')
    return paths.map((path, i) => ({ route, path, reader, name: nameOf(route) + (i > 0 ? `-${i + 1}` : '') }))
  })
}

/** Routes that are no pages any more, or never were: the list above must not outlive them. */
export const gone = (): string[] =>
  Object.keys(NO_PAGE).filter((route) => !OTHER_ROUTES.some(({ method, path }) => method === 'GET' && path === route))
