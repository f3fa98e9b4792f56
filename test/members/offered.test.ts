import { beforeAll, describe, expect, test } from 'vitest'
import { ROLES, type Role, reaches } from '../../shared/contracts/common.ts'
import { mutationByAction } from '../../workers/app/services/mutations.ts'
import { newMember } from '../lib/audit.ts'
import { ask, type Person } from '../lib/candor.ts'
import { DASHBOARD_ROUTES, pathTo } from '../lib/routes.ts'
import { newWorld } from '../lib/world.ts'

/*
 * Nobody is shown a button that ends in a refusal: every form and every link of every page, as somebody with each role
 * sees it.
 */

/** Which change a form makes. Those of a person's own account, and of other workspaces, need no role in this one. */
const CHANGES: Record<string, string | null> = {
  '/start': 'monitor.create',
  '/start/alerts': 'integration.create',
  '/start/integrations/:id/test': 'integration.test',
  '/start/status-page': 'status_page.create',
  '/monitors': 'monitor.create',
  '/monitors/selected/pause': 'monitor.pause',
  '/monitors/selected/resume': 'monitor.resume',
  '/monitors/selected/delete': 'monitor.delete',
  '/monitors/:id': 'monitor.update',
  '/monitors/:id/delete': 'monitor.delete',
  '/monitors/:id/pause': 'monitor.pause',
  '/monitors/:id/resume': 'monitor.resume',
  '/monitors/:id/check': 'monitor.check',
  '/integrations': 'integration.create',
  '/integrations/:id': 'integration.update',
  '/integrations/:id/test': 'integration.test',
  '/integrations/:id/delete': 'integration.delete',
  '/status-pages': 'status_page.create',
  '/status-pages/:id': 'status_page.update',
  '/status-pages/:id/delete': 'status_page.delete',
  '/api-keys': 'api_key.create',
  '/api-keys/:id': 'api_key.update',
  '/api-keys/:id/roll': 'api_key.roll',
  '/api-keys/:id/revoke': 'api_key.revoke',
  '/settings': 'workspace.rename',
  '/settings/delete': 'workspace.delete',
  '/settings/keep': 'workspace.keep',
  '/settings/members/:id': 'member.change_role',
  '/settings/members/:id/remove': 'member.remove',
  '/settings/members/:id/transfer': 'workspace.transfer',
  '/settings/members/:id/leave': 'member.leave',
  '/settings/people/:id/erase': 'person.erase',
  '/settings/invitations': 'invitation.create',
  '/settings/invitations/:id/resend': 'invitation.resend',
  '/settings/invitations/:id/withdraw': 'invitation.withdraw',
  '/invitations/:id/accept': null,
  '/invitations/:id/decline': null,
  '/workspaces': null,
  '/workspaces/:id/switch': null,
  '/account/delete': null,
  '/account/keep': null,
  '/account/identities/:id/unlink': null,
  '/account/sessions/revoke-others': null,
  '/account/sessions/revoke-all': null,
  '/account/sessions/:id/revoke': null,
}

let world: Awaited<ReturnType<typeof newWorld>>
const people = {} as Record<Role, Person>
/** Somebody who has left: the log names them. */
let former: Person

beforeAll(async () => {
  world = await newWorld()
  for (const role of ROLES) people[role] = role === 'owner' ? world.person : await newMember(world.person, role)
  former = await newMember(world.person, 'member')
  await ask('PATCH', `/v1/monitors/${world.monitorId}`, { as: former, body: { name: 'Shop' } })
  const left = await ask('DELETE', `/v1/members/${former.userId}`, { as: world.person, body: {} })
  expect(left.status).toBeLessThan(300)
})

function idFor(path: string): string {
  if (path.startsWith('/start/')) return idFor(path.slice('/start'.length))
  if (path.startsWith('/monitors')) return world.monitorId
  if (path.startsWith('/integrations')) return world.integrationId
  if (path.startsWith('/status-pages')) return world.statusPageId
  if (path.startsWith('/api-keys')) return world.apiKeyId
  if (path.startsWith('/incidents')) return world.incidentId
  if (path.startsWith('/settings/people')) return former.userId
  // Whom an admin removes below is no longer there to be handed anything.
  if (path.startsWith('/settings/members')) return people[path.endsWith('/remove') ? 'member' : 'viewer'].userId
  if (path.startsWith('/settings/invitations') || path.startsWith('/invitations')) return world.invitationId
  return world.workspaceId
}

const FORMS = DASHBOARD_ROUTES.filter(({ method }) => method === 'POST').map(({ path }) => path)
const PAGES = DASHBOARD_ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path)

const patternOf = (address: string) =>
  [...FORMS, '/sign-out']
    .toSorted((a, b) => a.split(':').length - b.split(':').length)
    .find((path) => new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+')}(?:\\?|$)`).test(address))

const mayChange = (role: Role, path: string): boolean => {
  const action = CHANGES[path]
  const verb = typeof action === 'string' ? (mutationByAction(action) ?? expect.unreachable()) : null
  return verb === null || reaches(role, verb.role)
}

/** What a page leads to: forms by their route, links by their address. */
function offered(html: string) {
  const forms = [...html.matchAll(/<form[^>]* method="post" action="([^"]+)"/g)].map(([, address = '']) => address)
  const links = [...html.matchAll(/<a [^>]*href="(\/[^"]*)"/g)].map(([, address = '']) =>
    address.replaceAll('&amp;', '&'),
  )
  return { forms, links: links.filter((address) => !address.startsWith('//')) }
}

test('every form of the dashboard is named with the change that it makes', () => {
  expect(Object.keys(CHANGES).toSorted()).toEqual(FORMS.toSorted())
})

describe.each(ROLES)('somebody who is %s', (role) => {
  test('is shown no form that they may not send, and no link to a page that they may not see', async () => {
    const as = people[role]
    const seen = new Map<string, number>()
    const statusOf = async (address: string) => {
      const known = seen.get(address) ?? (await ask('GET', address, { as })).status
      seen.set(address, known)
      return known
    }
    const wrong: string[] = []
    for (const path of PAGES) {
      const { text, status } = await ask('GET', pathTo(path, idFor(path)), { as })
      if (status === 403) continue
      const { forms, links } = offered(text)
      for (const address of forms) {
        const pattern = patternOf(address)
        if (!pattern) wrong.push(`${path}: ${address} is no form of the dashboard`)
        else if (pattern !== '/sign-out' && !mayChange(role, pattern)) wrong.push(`${path}: ${address}`)
      }
      for (const address of links.filter((one) => !/\/export\b/.test(one)))
        if ((await statusOf(address)) === 403) wrong.push(`${path}: ${address}`)
    }
    expect(wrong).toEqual([])
    expect(seen.size).toBeGreaterThan(20)
  })
})

/** Forms that some may not send. */
const CLOSED = Object.keys(CHANGES).filter((path) => !mayChange('viewer', path))

// After all that is looked at: who may, does.
describe.each(ROLES)('somebody who is %s and sends a form all the same', (role) => {
  test.each(CLOSED)('is refused at %s when they may not, and only then', async (path) => {
    const { status } = await ask('POST', pathTo(path, idFor(path)), { as: people[role], form: { x: 'y' } })
    if (mayChange(role, path)) expect(status).not.toBe(403)
    else expect(status).toBe(403)
  })
})
