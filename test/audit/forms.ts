import { newId } from '../../shared/ids.ts'
import { newMember } from '../lib/audit.ts'
import { ask, emailOf, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { nameOf } from '../lib/ending.ts'
import { made, newSlug } from '../lib/world.ts'
import { newAddress, VALID } from '../workspace/verbs.ts'

/** What an entry has to say, besides that it was done by a form of the dashboard. */
export interface Expected {
  action: string
  /** The thing that it is about, where it was there before. */
  entity?: string
  /** Whose log it is in: the workspace's, unless it says another. */
  log?: string
  /** How its maker was let in, when not by being a member. */
  auth?: 'founder' | 'invited'
  /** Candor's own part, where it follows by itself. */
  system?: string
}

/** A form that succeeds. */
export interface Sent {
  /** What stands in the path for `:id`. */
  id?: string
  query?: string
  form?: Record<string, string> | [string, string][]
  /** Who sends it, when not the owner. */
  as?: Person
  leaves: Expected[]
}

type Arrange = (owner: Person) => Promise<Sent>

const NOBODY = 'nobody'
/** A thing with which a verb of the register succeeds. */
const thingFor = async (action: string, owner: Person): Promise<string> => {
  const { id, userId } = (await VALID[action]?.(owner)) ?? {}
  return String(id ?? userId ?? NOBODY)
}

/** A form about a thing, with these fields: one entry about it. */
const about =
  (action: string, form: Record<string, string> = {}): Arrange =>
  async (owner) => {
    const id = await thingFor(action, owner)
    return { id, form, leaves: [{ action, entity: id }] }
  }

/** A form about a thing that is to be named by what it is called. */
const named =
  (action: string, nameOfIt: (owner: Person, id: string) => Promise<string>): Arrange =>
  async (owner) => {
    const id = await thingFor(action, owner)
    return { id, form: { confirm: await nameOfIt(owner, id) }, leaves: [{ action, entity: id }] }
  }

/** A form that makes a thing. */
const making =
  (action: string, form: () => Record<string, string>): Arrange =>
  async () => ({ form: form(), leaves: [{ action }] })

const read = async (owner: Person, path: string) => (await ask('GET', path, { as: owner })).body

const monitorForm = {
  name: 'Shop',
  url: 'https://shop.example',
  method: 'GET',
  intervalSeconds: '3600',
  timeoutMs: '10000',
  followRedirects: 'on',
}
const webhookForm = { name: 'On call', 'config.url': 'https://hooks.example/candor' }

/** Several at once are as many entries. */
const selected =
  (action: string): Arrange =>
  async (owner) => {
    const ids = [await thingFor(action, owner), await thingFor(action, owner)]
    const form = ids.map((id): [string, string] => ['ids', id])
    return { form, leaves: ids.map((entity) => ({ action, entity })) }
  }

const answered =
  (action: string, ...more: string[]): Arrange =>
  async (owner) => {
    const guest = await newPerson('Joan Clarke')
    const id = await made(owner, 'invitation.create', { email: emailOf(guest.userId) })
    const own = more.map((other) => ({ action: other, log: guest.userId }))
    return { id, as: guest, leaves: [{ action, entity: id, auth: 'invited', log: owner.workspaceId }, ...own] }
  }

const ofSession = (person: Person) => ('hash' in person.session ? `ses_${person.session.hash.slice(0, 16)}` : NOBODY)
const again = ({ workspaceId, userId }: Person) => signedIn(workspaceId, userId)

/** Somebody who did something here and is no member any more. */
async function former(owner: Person): Promise<string> {
  const id = await thingFor('person.erase', owner)
  await made(owner, 'member.remove', { id })
  return id
}

/** A second way to sign in, as linking it would have made it; linking itself is in test/account/every-verb.test.ts. */
async function secondWay(person: Person): Promise<string> {
  const [row = {}] = (await rowsOf('identity')).filter(({ user_id }) => user_id === person.userId)
  const other: Record<string, string | number | null | number[]> = { ...row, id: newId('identity'), subject: 'other' }
  const columns = Object.keys(other)
  const insert = `INSERT INTO identity (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  await pastTheGates([statement(insert, ...Object.values(other))])
  return String(other.id)
}

/** For every form that changes something: what is typed into it, and the entries that it leaves. */
export const FORMS: Record<string, Arrange> = {
  'POST /start': making('monitor.create', () => ({ url: 'https://shop.example' })),
  'POST /start/alerts': async (owner) => {
    const id = await thingFor('monitor.pause', owner)
    const leaves = [{ action: 'integration.create' }, { action: 'monitor.update', entity: id }]
    return { query: `?monitor=${id}`, form: webhookForm, leaves }
  },
  'POST /start/integrations/:id/test': about('integration.test'),
  'POST /start/status-page': making('status_page.create', () => ({ title: 'Shop', slug: newSlug() })),
  'POST /monitors': making('monitor.create', () => monitorForm),
  'POST /monitors/:id': about('monitor.update', { ...monitorForm, name: 'Another' }),
  'POST /monitors/:id/delete': about('monitor.delete'),
  'POST /monitors/:id/check': about('monitor.check'),
  'POST /monitors/:id/pause': about('monitor.pause'),
  'POST /monitors/:id/resume': about('monitor.resume'),
  'POST /monitors/selected/pause': selected('monitor.pause'),
  'POST /monitors/selected/resume': selected('monitor.resume'),
  'POST /monitors/selected/delete': selected('monitor.delete'),
  'POST /integrations': making('integration.create', () => webhookForm),
  'POST /integrations/:id': about('integration.update', { name: 'Night shift' }),
  'POST /integrations/:id/test': about('integration.test'),
  'POST /integrations/:id/delete': about('integration.delete'),
  'POST /status-pages': making('status_page.create', () => ({ title: 'Shop', slug: newSlug() })),
  'POST /status-pages/:id': about('status_page.update', { title: 'Another', slug: newSlug() }),
  'POST /status-pages/:id/delete': named(
    'status_page.delete',
    async (owner, id) => (await read(owner, `/v1/status-pages/${id}`)).slug,
  ),
  'POST /api-keys': making('api_key.create', () => ({ name: 'ci', scope: 'read', expiresInDays: '90' })),
  'POST /api-keys/:id': about('api_key.update', { name: 'nightly', allowedNetworks: '192.0.2.0/24' }),
  'POST /api-keys/:id/roll': about('api_key.roll', { overlapHours: '24' }),
  'POST /api-keys/:id/revoke': named(
    'api_key.revoke',
    async (owner, id) => (await read(owner, `/v1/api-keys/${id}`)).name,
  ),
  'POST /settings': async ({ workspaceId }) => ({
    form: { name: 'Analytical Engines' },
    leaves: [{ action: 'workspace.rename', entity: workspaceId }],
  }),
  'POST /settings/delete': async (owner) => ({
    form: { confirm: await nameOf(owner) },
    leaves: [{ action: 'workspace.delete', entity: owner.workspaceId }],
  }),
  'POST /settings/keep': async (owner) => {
    await made(owner, 'workspace.delete', { name: await nameOf(owner) })
    return { leaves: [{ action: 'workspace.keep', entity: owner.workspaceId }] }
  },
  'POST /settings/members/:id': about('member.change_role', { role: 'viewer' }),
  'POST /settings/members/:id/remove': about('member.remove'),
  'POST /settings/members/:id/transfer': async (owner) => ({
    id: await thingFor('workspace.transfer', owner),
    form: { confirm: await nameOf(owner) },
    leaves: [{ action: 'workspace.transfer', entity: owner.workspaceId }],
  }),
  'POST /settings/members/:id/leave': async (owner) => {
    const member = await newMember(owner)
    return { id: member.userId, as: member, leaves: [{ action: 'member.leave', entity: member.userId }] }
  },
  'POST /settings/people/:id/erase': async (owner) => {
    const id = await former(owner)
    return { id, form: { confirm: 'Grace Hopper' }, leaves: [{ action: 'person.erase', entity: id }] }
  },
  'POST /settings/invitations': making('invitation.create', () => ({ email: newAddress(), role: 'viewer' })),
  'POST /settings/invitations/:id/resend': about('invitation.resend'),
  'POST /settings/invitations/:id/withdraw': about('invitation.withdraw'),
  'POST /invitations/:id/accept': answered('invitation.accept', 'session.switch'),
  'POST /invitations/:id/decline': answered('invitation.decline'),
  'POST /workspaces': async ({ userId }) => ({
    form: { name: 'Engines' },
    leaves: [
      { action: 'workspace.create', auth: 'founder', log: 'new' },
      { action: 'session.switch', log: userId },
    ],
  }),
  'POST /workspaces/:id/switch': async ({ workspaceId, userId }) => ({
    id: workspaceId,
    leaves: [{ action: 'session.switch', log: userId }],
  }),
  'POST /account/sessions/:id/revoke': async (owner) => {
    const id = ofSession(await again(owner))
    return { id, leaves: [{ action: 'session.revoke', entity: id, log: owner.userId }] }
  },
  'POST /account/sessions/revoke-others': async (owner) => {
    const entity = ofSession(await again(owner))
    return { leaves: [{ action: 'session.revoke', entity, log: owner.userId }] }
  },
  'POST /account/sessions/revoke-all': async (owner) => {
    const others = [await again(owner), owner].map(ofSession)
    return { leaves: others.map((entity) => ({ action: 'session.revoke', entity, log: owner.userId })) }
  },
  'POST /account/identities/:id/unlink': async (owner) => {
    const id = await secondWay(owner)
    return { id, leaves: [{ action: 'identity.unlink', entity: id, log: owner.userId }] }
  },
  'POST /account/delete': async (owner) => ({
    form: { confirm: emailOf(owner.userId) },
    leaves: [
      { action: 'account.delete', entity: owner.userId, log: owner.userId },
      { action: 'session.revoke', entity: ofSession(owner), log: owner.userId },
      { action: 'workspace.delete', entity: owner.workspaceId, system: 'account' },
    ],
  }),
  'POST /account/keep': async (owner) => {
    await ask('POST', '/account/delete', { as: owner, form: { confirm: emailOf(owner.userId) } })
    return {
      as: await again(owner),
      leaves: [
        { action: 'account.keep', entity: owner.userId, log: owner.userId },
        { action: 'workspace.keep', entity: owner.workspaceId, system: 'account' },
      ],
    }
  },
  'POST /sign-out': async (owner) => ({
    leaves: [{ action: 'session.delete', entity: ofSession(owner), log: owner.userId }],
  }),
}

/** What is posted and is no form of somebody who is signed in. */
export const NO_FORM: Record<string, string> = {
  'POST /secret-scanning': 'a scanner reports keys, and signs that: test/api/secret-scanning.test.ts',
}

/** What is only read, and leaves an entry all the same. */
export const NOTED_READS: Record<string, { action: string; query?: string; own?: true }> = {
  'GET /audit-logs': { action: 'audit_log.read' },
  'GET /audit-logs/export': { action: 'audit_log.export', query: '?format=csv' },
  'GET /account/log/export': { action: 'audit_log.export', query: '?format=csv', own: true },
  'GET /settings/export': { action: 'workspace.export' },
}
