import { newId } from '../../shared/ids.ts'
import type { Credential } from '../../workers/app/services/context.ts'
import { ask, emailOf, MONITOR, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { endingKey } from '../lib/mail.ts'
import { bySystem, CAUSE, made, newSlug } from '../lib/world.ts'

type Input = Record<string, unknown>

const integration = (person: Person) =>
  made(person, 'integration.create', {
    kind: 'webhook',
    name: 'On call',
    config: { url: 'https://hooks.example/candor' },
  })
const monitor = (person: Person, changes: Input = {}) => made(person, 'monitor.create', { ...MONITOR, ...changes })
/** Checked once an hour: nothing comes in while a test looks. */
const running = (person: Person) => monitor(person, { active: true, intervalSeconds: 3600 })
const page = async (person: Person) =>
  made(person, 'status_page.create', { title: 'Shop', slug: newSlug(), monitorIds: [await monitor(person)] })
const key = (person: Person) => made(person, 'api_key.create', { name: 'ci', scope: 'write' })
/** A key that somebody has found in public. */
async function leaked(person: Person) {
  const id = await key(person)
  const row = (await rowsOf('api_key')).find((candidate) => candidate.id === id)
  return { id, hash: row?.hash, url: 'https://code.test/acme/deploy.sh', source: 'commit' }
}
const outageOf = (monitorId: string) => ({ monitorId, startedAt: Date.now(), cause: CAUSE })
const recoveryOf = (monitorId: string) => ({ monitorId, startedAt: Date.now(), resolvedAt: Date.now() + 60_000 })

async function down(person: Person): Promise<string> {
  const monitorId = await running(person)
  await bySystem(person, 'incident.open', outageOf(monitorId))
  return monitorId
}

/** Somebody else with an entry in this person's log. */
async function colleague(person: Person): Promise<string> {
  const other = await newPerson('Grace Hopper')
  await pastTheGates(
    [
      statement(
        `INSERT INTO membership (workspace_id, user_id, role, created_at) VALUES (?, ?, 'member', 0)`,
        person.workspaceId,
        other.userId,
      ),
    ],
    'membership',
  )
  const there = await signedIn(person.workspaceId, other.userId)
  await made(there, 'monitor.create', MONITOR)
  return other.userId
}

const treeHead = (size: number) => ({ size, root: btoa('r'.repeat(32)) })
export const newAddress = () => `${newId('user').toLowerCase()}@example.test`
const invitation = (person: Person, email = newAddress()) => made(person, 'invitation.create', { email })

const guests = new Map<string, Promise<{ credential: Credential; id: string }>>()

/** Somebody who is invited to a person's workspace and has not answered: the same one each time. */
export function guestOf(person: Person) {
  const { workspaceId } = person
  const invite = async () => {
    const { userId, session } = await newPerson('Joan Clarke')
    const hash = session.type === 'session' ? session.hash : ''
    const credential: Credential = { type: 'invited', workspaceId, hash }
    return { credential, id: await invitation(person, emailOf(userId)) }
  }
  const guest = guests.get(workspaceId) ?? invite()
  guests.set(workspaceId, guest)
  return guest
}

const answered = async (person: Person) => ({ id: (await guestOf(person)).id })

/** For every verb, an input with which it succeeds in this person's workspace; what it needs is made first. */
export const VALID: Record<string, (person: Person) => Promise<Input> | Input> = {
  'workspace.create': () => ({ name: 'Engines' }),
  'workspace.rename': () => ({ name: 'Analytical Engines' }),
  'workspace.set_plan': () => ({ plan: 'free' }),
  /** Of a workspace that is used, which is a conflict: test/mail/idle.test.ts has one that nobody uses. */
  'workspace.tell_of_pause': () => ({}),
  'workspace.transfer': async (person) => ({ userId: await colleague(person) }),
  'workspace.delete': async (person) => ({
    name: (await ask('GET', '/v1/workspace', { as: person })).body.name,
  }),
  /** Of one that nobody has deleted, which is a conflict: ending.test.ts keeps one. */
  'workspace.keep': () => ({}),
  /** Once a workspace is over: test/workspace/ending.test.ts. */
  'workspace.purge': () => ({}),
  'workspace.end': () => ({}),
  'workspace.export': () => ({}),
  'invitation.create': () => ({ email: newAddress(), role: 'viewer' }),
  'invitation.resend': async (person) => ({ id: await invitation(person) }),
  'invitation.withdraw': async (person) => ({ id: await invitation(person) }),
  'invitation.accept': answered,
  'invitation.decline': answered,
  'member.change_role': async (person) => ({ id: await colleague(person), role: 'viewer' }),
  'member.remove': async (person) => ({ id: await colleague(person), apiKeys: 'hand_over' }),
  /** Of an owner, who cannot: test/members has those who can. */
  'member.leave': (person) => ({ id: person.userId }),
  'monitor.create': async (person) => ({
    ...MONITOR,
    headers: [{ key: 'x-token', value: 'a' }],
    body: 'b',
    integrationIds: [await integration(person), await integration(person)],
  }),
  'monitor.update': async (person) => ({
    id: await monitor(person, { integrationIds: [await integration(person)] }),
    name: 'Another',
    url: 'https://other.example',
    method: 'POST',
    headers: [],
    body: 'c',
    intervalSeconds: 120,
    timeoutMs: 2000,
    degradedAfterMs: 1000,
    followRedirects: false,
    integrationIds: [await integration(person)],
  }),
  'monitor.pause': async (person) => ({ id: await running(person) }),
  /** As workspace.tell_of_pause. */
  'monitor.auto_pause': async (person) => ({ id: await running(person) }),
  'monitor.resume': async (person) => ({ id: await monitor(person, { intervalSeconds: 3600 }) }),
  'monitor.delete': async (person) => ({
    id: await monitor(person, { integrationIds: [await integration(person)] }),
  }),
  'monitor.check': async (person) => ({ id: await running(person) }),
  'incident.open': async (person) => outageOf(await running(person)),
  'incident.resolve': async (person) => recoveryOf(await down(person)),
  'integration.create': () => ({ kind: 'webhook', name: 'On call', config: { url: 'https://hooks.example/new' } }),
  'integration.update': async (person) => ({
    id: await integration(person),
    name: 'Night shift',
    config: { url: 'https://hooks.example/night' },
  }),
  'integration.delete': async (person) => {
    const id = await integration(person)
    await monitor(person, { integrationIds: [id] })
    return { id }
  },
  'integration.test': async (person) => ({ id: await integration(person) }),
  'status_page.create': async (person) => ({
    title: 'Shop',
    slug: newSlug(),
    monitorIds: [await monitor(person), await monitor(person)],
  }),
  'status_page.update': async (person) => ({
    id: await page(person),
    title: 'Another',
    slug: newSlug(),
    monitorIds: [await monitor(person)],
  }),
  'status_page.delete': async (person) => ({ id: await page(person) }),
  'api_key.create': () => ({ name: 'ci', scope: 'read', expiresInDays: null }),
  'api_key.update': async (person) => ({ id: await key(person), name: 'nightly', allowedNetworks: ['2001:db8::/32'] }),
  'api_key.roll': async (person) => ({ id: await key(person), overlapHours: 72 }),
  'api_key.revoke_leaked': leaked,
  'api_key.revoke': async (person) => ({ id: await key(person) }),
  'api_key.remind': async (person) => ({ id: await endingKey(person) }),
  'api_key.expire': async (person) => ({ id: await endingKey(person, { left: -1 }) }),
  'person.erase': async (person) => ({ id: await colleague(person) }),
  'audit_log.read': () => ({}),
  'audit_log.export': () => ({ format: 'csv', surface: 'api' }),
  /** Under a key that nobody has, so that every value is under another one. */
  'credential.rewrap': async (person) => {
    await monitor(person, { body: 'b' })
    await integration(person)
    return { kid: '00000000' }
  },
  /** What is too old: test/workspace/commit.test.ts waits three years. */
  'audit_log.prune': () => ({}),
  /** With a log that was tampered with: test/audit/accept.test.ts. */
  'audit_log.accept': () => ({ known: treeHead(2), accepted: treeHead(1) }),
}

async function invited(person: Person) {
  const email = newAddress()
  await invitation(person, email)
  return { email, role: 'member' }
}

async function revokedKey(person: Person): Promise<string> {
  const id = await key(person)
  await made(person, 'api_key.revoke', { id })
  return id
}

/** Inputs that are right in form and in conflict with what is there. */
export const CONFLICTS: [action: string, why: string, arrange: (person: Person) => Promise<Input>][] = [
  ['invitation.create', 'the address is invited', invited],
  [
    'invitation.create',
    'the address is a member\u2019s',
    (person) => Promise.resolve({ email: emailOf(person.userId) }),
  ],
  ['member.change_role', 'it is the owner', (person) => Promise.resolve({ id: person.userId, role: 'admin' })],
  ['member.change_role', 'it is the role', async (person) => ({ id: await colleague(person), role: 'member' })],
  ['member.remove', 'it is the owner', (person) => Promise.resolve({ id: person.userId })],
  ['member.leave', 'it is the owner', (person) => Promise.resolve({ id: person.userId })],
  ['member.leave', 'it is somebody else', async (person) => ({ id: await colleague(person) })],
  ['workspace.keep', 'nobody has deleted it', () => Promise.resolve({})],
  ['workspace.transfer', 'it is the owner', (person) => Promise.resolve({ userId: person.userId })],
  ['monitor.pause', 'the monitor is paused', async (person) => ({ id: await monitor(person) })],
  ['workspace.set_plan', 'the plan is the one it has', () => Promise.resolve({ plan: 'pro' })],
  ['monitor.auto_pause', 'the workspace is used', async (person) => ({ id: await running(person) })],
  ['workspace.tell_of_pause', 'the workspace is used', () => Promise.resolve({})],
  ['monitor.resume', 'the monitor is running', async (person) => ({ id: await running(person) })],
  ['monitor.check', 'the monitor is paused', async (person) => ({ id: await monitor(person) })],
  ['incident.open', 'an incident is open', async (person) => outageOf(await down(person))],
  ['incident.open', 'the monitor is paused', async (person) => outageOf(await monitor(person))],
  ['incident.resolve', 'no incident is open', async (person) => recoveryOf(await running(person))],
  [
    'status_page.create',
    'somebody has the address',
    async (person) => {
      const slug = newSlug()
      await made(person, 'status_page.create', { title: 'First', slug })
      return { title: 'Second', slug, monitorIds: [await monitor(person)] }
    },
  ],
  [
    'status_page.update',
    'somebody has the address',
    async (person) => {
      const slug = newSlug()
      await made(person, 'status_page.create', { title: 'First', slug })
      return { id: await page(person), slug, monitorIds: [] }
    },
  ],
  ['api_key.revoke', 'the key is revoked', async (person) => ({ id: await revokedKey(person) })],
  ['api_key.roll', 'the key is revoked', async (person) => ({ id: await revokedKey(person) })],
  ['api_key.update', 'the key is revoked', async (person) => ({ id: await revokedKey(person), name: 'x' })],
  [
    'api_key.roll',
    'the key was rolled',
    async (person) => {
      const id = await key(person)
      await made(person, 'api_key.roll', { id })
      return { id }
    },
  ],
  ['api_key.expire', 'the key has not ended', async (person) => ({ id: await endingKey(person) })],
  ['api_key.roll', 'the key has ended', async (person) => ({ id: await endingKey(person, { left: -1 }) })],
]
