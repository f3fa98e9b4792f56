import { beforeAll, describe, expect, test, vi } from 'vitest'
import { RATE_LIMITS, type RateLimitName } from '../../shared/domain/rate-limits.ts'
import { newId } from '../../shared/ids.ts'
import { ask, newApiKey, newPerson, ORIGIN, type Person } from '../lib/candor.ts'
import { askAt, DEPLOYED, PUBLIC, STATUS } from '../lib/deployment.ts'
import { API_ROUTES, CHANGES, DASHBOARD_ROUTES, OPERATOR_ROUTES, PUBLIC_ROUTES, pathTo } from '../lib/routes.ts'
import { untouchable } from '../lib/untouchable.ts'

/** What counts a route that answers without anybody being signed in; for those without a limit, why none is needed. */
const PUBLIC_LIMITS: Record<string, RateLimitName | { without: string }> = {
  'GET /': { without: 'asks nothing of anything' },
  'GET /check': {
    without: 'asks nothing without an address; with one, three limits count (test/public/check.test.ts)',
  },
  'GET /.well-known/security.txt': { without: 'asks nothing of anything' },
  'GET /security.txt': { without: 'asks nothing of anything' },
  'GET /robots.txt': { without: 'asks nothing of anything' },
  'GET /health': { without: 'asks nothing of anything' },
  'GET /sign-in': { without: 'asks nothing of anything' },
  'GET /changelog': { without: 'asks nothing of anything' },
  'GET /changelog.atom': { without: 'asks nothing of anything' },
  'GET /docs': { without: 'asks nothing of anything' },
  'GET /docs/:name': { without: 'asks nothing of anything' },
  'GET /docs/adr/:name': { without: 'asks nothing of anything' },
  'GET /privacy': { without: 'asks nothing of anything' },
  'GET /security': { without: 'asks nothing of anything' },
  'GET /subprocessors': { without: 'asks nothing of anything' },
  'GET /subprocessors.atom': { without: 'asks nothing of anything' },
  'GET /assets/*': { without: 'static files; a deployment answers them without the Worker' },
  'GET /design': { without: 'not there in a deployment' },
  'GET /mail': { without: 'not there in a deployment' },
  'GET /mail/:id': { without: 'not there in a deployment' },
  'GET /mail/:id/html': { without: 'not there in a deployment' },
  'POST /secret-scanning': {
    without: 'not there without its keys; with them, reports that are not signed are counted',
  },
  'POST /sign-out': { without: 'does nothing without a session, and that is counted' },
  'GET /audit/deployment/checkpoint': 'deploymentLog',
  'GET /audit/deployment/keys': 'deploymentLog',
  'GET /audit/deployment/tile/:level{[0-9]+}/:place{.+}': 'deploymentLog',
  'GET /s/:slug': 'statusPage',
  'GET /s/:slug/feed.atom': 'statusPage',
  'GET /s/:slug/badge.svg': 'statusPage',
  'GET /s/:slug/api/v2/summary.json': 'statusPage',
  'GET /s/:slug/api/v2/status.json': 'statusPage',
  'GET /s/:slug/api/v2/components.json': 'statusPage',
  'GET /s/:slug/api/v2/incidents.json': 'statusPage',
  'GET /s/:slug/api/v2/incidents/unresolved.json': 'statusPage',
  'GET /sign-in/:provider': 'signIn',
  'GET /sign-in/:provider/callback': 'signIn',
}

const ADDRESS = '203.0.113.7'

let person: Person
let key: string
beforeAll(async () => {
  person = await newPerson()
  key = (await newApiKey(person)).token
})

test('every route that anybody may ask for has its limit, or its reason for none', () => {
  expect(Object.keys(PUBLIC_LIMITS).toSorted()).toEqual(PUBLIC_ROUTES.toSorted())
})

test.each(Object.entries(PUBLIC_LIMITS))(
  '%s counts for nothing but its limit, before all else',
  async (route, limit) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const [method = '', path = ''] = route.split(' ')
    const at = (path.startsWith('/s/') ? STATUS : PUBLIC) + pathTo(path, 'github')
    const headers = { 'cf-connecting-ip': ADDRESS, origin: PUBLIC }
    const { env, counted, keys } = untouchable(DEPLOYED)
    await askAt(at, { method, headers }, env)
    expect(counted()).toEqual(typeof limit === 'string' ? [RATE_LIMITS[limit].name] : [])
    expect(keys()).toEqual(typeof limit === 'string' ? [ADDRESS] : [])
  },
)

describe.each([...API_ROUTES, ...DASHBOARD_ROUTES, { method: 'POST', path: '/sign-out' }])(
  '$method $path',
  ({ method, path }) => {
    const isForm = method === 'POST' && !path.startsWith('/v1')
    const content = isForm ? { form: { email: 'a@b.test' } } : method === 'GET' ? {} : { body: { email: 'a@b.test' } }

    test('counts for a session before anything is looked up', async () => {
      vi.spyOn(console, 'error').mockReturnValue()
      const { env, counted, keys } = untouchable()
      const asked = { as: person, env, headers: { origin: ORIGIN }, ...content }
      await ask(method, pathTo(path, newId('monitor')), asked)
      expect(counted()[0]).toBe('session')
      expect(keys()[0]).toBe(person.session.type === 'session' && person.session.hash)
      const verb = CHANGES.find((one) => one.method === method && one.path === path)?.operation
      if (verb) expect(counted()).toEqual(['session', ...(verb.limits ?? [])])
    })

    test('counts for an API key before anything is looked up', async () => {
      vi.spyOn(console, 'error').mockReturnValue()
      const { env, counted } = untouchable()
      await ask(method, pathTo(path, newId('monitor')), { as: key, env, ...content })
      expect(counted()[0]).toBe('api-key')
    })
  },
)

test.each(OPERATOR_ROUTES)('$path counts a wrong key', async ({ path }) => {
  const { env, counted } = untouchable()
  await ask('POST', pathTo(path, person.workspaceId), { as: 'x', env, body: {} })
  expect(counted()).toEqual(['refused'])
})
