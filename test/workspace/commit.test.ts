import { describe, expect, test } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { Credential, CredentialType } from '../../workers/app/services/context.ts'
import { type Mutation, PEOPLE_AND_KEYS } from '../../workers/app/services/mutation.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { QUERIES } from '../../workers/app/services/queries.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import {
  ask,
  MONITOR,
  mutateAs,
  NO_CLIENT,
  newApiKey,
  newPerson,
  newWorkspaceId,
  type Person,
  workspaceOf,
} from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { readLog, soundLog } from '../lib/log.ts'
import { bySystem, CAUSE, made, newSlug } from '../lib/world.ts'
import { VALID } from './verbs.ts'

type View = Record<string, unknown>

/** Who makes a change, and what an entry has to say of them. */
interface Maker {
  as: Person | string
  actor: { type: string; id: string }
  user: string | null
}

async function makerOf(type: CredentialType, person: Person): Promise<Maker> {
  if (type !== 'api_key') return { as: person, actor: { type: 'user', id: person.userId }, user: person.userId }
  const { token, id } = await newApiKey(person)
  return { as: token, actor: { type: 'api_key', id }, user: person.userId }
}

const inputOf = (verb: Mutation, person: Person) => {
  const arrange = VALID[verb.action]
  if (!arrange) throw new Error(`${verb.action} has no input: test/workspace/verbs.ts needs one`)
  return arrange(person)
}

const PERSONAL = /^\/v1\/(?:members|invitations)\//

/** The entity that an input is about, as the API shows it to its person; null where there is none. */
async function shown(verb: Mutation, person: Person, id: unknown): Promise<View | null> {
  const noun = verb.action.split('.')[0]
  const [, path = ''] = QUERIES.find((query) => query.name === `${noun}.get`)?.route?.split(' ') ?? []
  if (id === undefined && path.includes(':id')) return null
  const { status, body } = await ask('GET', path.replace(':id', String(id)), { as: person })
  expect([200, 404]).toContain(status)
  // Whose name and address it is, an entry does not say: it would say so for ever.
  if (status === 200 && PERSONAL.test(path)) for (const field of ['name', 'email']) delete body[field]
  return status === 200 ? body : null
}

const differing = (before: View | null, after: View | null) =>
  [...new Set([...Object.keys({ ...before }), ...Object.keys({ ...after })])]
    .filter((field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]))
    .toSorted()

const personOf = (person: Person) => ({ name: 'Ada Lovelace', email: `${person.userId.toLowerCase()}@example.test` })

/** What takes something out of a log has tests of its own: test/audit/export.test.ts. */
const TAKE_OUT = ['person.erase', 'audit_log.prune']
/** What changes more than the thing it is about: test/members/. */
const CHANGE_MORE = ['workspace.transfer', 'member.remove', 'member.leave']

const routed = MUTATIONS.flatMap((verb) =>
  verb.route && ![...TAKE_OUT, ...CHANGE_MORE].includes(verb.action)
    ? (verb.credentials ?? PEOPLE_AND_KEYS).map((type) => ({ verb, type, action: verb.action }))
    : [],
)

test('every change has an input in the table of these tests', () => {
  expect(MUTATIONS.map((verb) => verb.action).filter((action) => !VALID[action])).toEqual([])
  const made = new Set(routed.map(({ action }) => action))
  // Reading and exporting are noted by the reads themselves: test/audit/browse.test.ts.
  const left = MUTATIONS.filter(
    ({ action, scope }) => !made.has(action) && scope === 'write' && ![...TAKE_OUT, ...CHANGE_MORE].includes(action),
  )
  const others = left.map((verb) => verb.credentials)
  expect(others.flat()).toEqual(others.flat().map(() => expect.stringMatching(/^(?:system|sign_in|founder|invited)$/)))
})

describe.each(routed)('$action by $type', ({ verb, type }) => {
  test('is one entry, which says who did what to what', async () => {
    const person = await newPerson()
    const { as, actor, user } = await makerOf(type, person)
    const input = await inputOf(verb, person)
    const before = await shown(verb, person, input.id)
    const earlier = await readLog(person.workspaceId)
    const [method = '', path = ''] = verb.route?.split(' ') ?? []
    const { id, ...rest } = input
    const key = newId('request')
    const answer = await ask(method, path.replace(':id', String(id)), {
      as,
      body: rest,
      headers: { 'idempotency-key': key },
    })
    expect([answer.status, answer.text]).toEqual([expect.toSatisfy((status) => status < 300), answer.text])

    const entries = await soundLog(person.workspaceId)
    expect(entries.slice(0, -1)).toEqual(earlier)
    const { leaf, person: personal } = entries.at(-1) ?? entries[0] ?? expect.unreachable()
    const entityId = verb.action.startsWith('workspace.') ? person.workspaceId : (id ?? answer.body.id)
    const after = await shown(verb, person, entityId)
    expect(leaf).toEqual({
      v: 1,
      log: person.workspaceId,
      seq: earlier.length,
      at: expect.any(Number),
      requestId: answer.headers.get('x-request-id'),
      idempotencyKey: key,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      surface: 'api',
      actor,
      user,
      auth: type,
      action: verb.action,
      entity: { type: verb.action.split('.')[0], id: entityId },
      before: verb.action.endsWith('.create') ? null : before,
      after,
      changed: differing(verb.action.endsWith('.create') ? null : before, after),
      outcome: 'ok',
      person: expect.any(String),
    })
    expect(JSON.parse(personal?.json ?? '')).toEqual(personOf(person))
    expect(Math.abs(leaf.at - Date.now())).toBeLessThan(60_000)
    // What the API answers is what the entry says, but for what is told once.
    if (after !== null) expect(answer.body).toMatchObject(after)
    if (verb.action.endsWith('.delete')) expect([answer.status, after]).toEqual([204, null])
  })
})

describe('changes that no person and no key can make', () => {
  const systems = MUTATIONS.filter(
    ({ action, credentials }) => credentials?.includes('system') && !TAKE_OUT.includes(action),
  ).map((verb) => verb.action)

  test.each(systems)('%s by Candor itself is one entry without a person', async (action) => {
    const person = await newPerson()
    const verb = MUTATIONS.find((candidate) => candidate.action === action) ?? expect.unreachable()
    const input = await inputOf(verb, person)
    const earlier = await readLog(person.workspaceId)
    const open = (await rowsOf('incident')).find((row) => row.monitor_id === input.monitorId)
    const before = await shown(verb, person, open?.id)
    const { entityId, seq } = unwrap<MutationAnswer>(await bySystem(person, action, input))
    const entries = await soundLog(person.workspaceId)
    expect(entries.slice(0, -1)).toEqual(earlier)
    const { leaf, person: personal } = entries.at(-1) ?? expect.unreachable()
    const after = await shown(verb, person, entityId)
    expect(leaf).toMatchObject({
      seq,
      action,
      surface: 'system',
      actor: { type: 'system', id: 'monitoring' },
      user: null,
      auth: 'system',
      entity: { type: action.split('.')[0], id: entityId },
      before,
      after,
      changed: differing(before, after),
      person: null,
    })
    expect([after === null, personal]).toEqual([false, null])
  })

  test('a first sign-in is the first entry of its log', async () => {
    const workspaceId = newWorkspaceId()
    const verb = MUTATIONS.find(({ action }) => action === 'workspace.create') ?? expect.unreachable()
    const { userId } = await newPerson()
    const input = await inputOf(verb, await newPerson())
    const credential: Credential = { type: 'sign_in', workspaceId, userId }
    const request = { action: 'workspace.create', input, credential, surface: 'dashboard' as const }
    unwrap(
      await workspaceOf(workspaceId).mutate({
        ...request,
        requestId: newId('request'),
        idempotencyKey: null,
        client: NO_CLIENT,
      }),
    )
    const [first, ...rest] = await soundLog(workspaceId)
    expect(rest).toEqual([])
    expect(first?.leaf).toMatchObject({
      seq: 0,
      action: 'workspace.create',
      actor: { type: 'user', id: userId },
      user: userId,
      auth: 'sign_in',
      surface: 'dashboard',
      before: null,
      after: {
        id: workspaceId,
        name: 'Engines',
        slug: expect.stringMatching(/^engines-\w{6}$/),
        plan: 'pro',
        ownerId: userId,
      },
    })
  })
})

test('a change by a form of the dashboard is an entry like the others, and says so', async () => {
  const person = await newPerson()
  const form = { name: 'Difference Engines' }
  const answer = await ask('POST', '/settings', { as: person, form })
  expect(answer.status).toBe(303)
  const { leaf } = (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()
  expect(leaf).toMatchObject({
    action: 'workspace.rename',
    surface: 'dashboard',
    auth: 'session',
    actor: { type: 'user', id: person.userId },
    requestId: answer.headers.get('x-request-id'),
    after: form,
    changed: ['name'],
  })
})

describe('a change that takes others with it', () => {
  test.each(['monitor.pause', 'monitor.delete'])('%s ends the open incident in the same entry', async (action) => {
    const person = await newPerson()
    const id = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
    const outage = { monitorId: id, startedAt: Date.now(), cause: CAUSE }
    const { entityId: incidentId } = unwrap<MutationAnswer>(await bySystem(person, 'incident.open', outage))
    const count = (await readLog(person.workspaceId)).length
    unwrap(await mutateAs(person, action, { id }))
    const entries = await soundLog(person.workspaceId)
    expect(entries).toHaveLength(count + 1)
    const { leaf } = entries.at(-1) ?? expect.unreachable()
    if (action === 'monitor.pause') {
      expect(leaf.after).toMatchObject({ active: false, resolvedIncidentId: incidentId })
      const { body } = await ask('GET', `/v1/incidents/${incidentId}`, { as: person })
      expect(body.resolvedAt).toEqual(expect.any(String))
    } else expect((await ask('GET', `/v1/incidents/${incidentId}`, { as: person })).status).toBe(404)
  })

  test('a status page of a hundred monitors is one entry that names them all, in order', {
    timeout: 30_000,
  }, async () => {
    const person = await newPerson()
    const monitorIds: string[] = []
    for (let i = 0; i < 100; i++)
      monitorIds.push(await made(person, 'monitor.create', { ...MONITOR, name: `No. ${i}` }))
    const created = await ask('POST', '/v1/status-pages', {
      as: person,
      body: { title: 'All', slug: newSlug(), monitorIds },
    })
    expect([created.status, created.body.monitorIds]).toEqual([201, monitorIds])
    const turned = monitorIds.toReversed()
    const path = `/v1/status-pages/${created.body.id}`
    expect((await ask('PATCH', path, { as: person, body: { monitorIds: turned } })).status).toBe(200)
    expect((await ask('GET', path, { as: person })).body.monitorIds).toEqual(turned)
    const { leaf } = (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({
      before: { monitorIds },
      after: { monitorIds: turned },
      changed: expect.arrayContaining(['monitorIds']),
    })
  })
})
