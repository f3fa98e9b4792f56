import { describe, expect, test } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { Credential, CredentialType } from '../../workers/app/services/context.ts'
import { type Mutation, PEOPLE_AND_KEYS } from '../../workers/app/services/mutation.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { QUERIES } from '../../workers/app/services/queries.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { ask, NO_CLIENT, newApiKey, newPerson, newWorkspaceId, type Person, workspaceOf } from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { readLog, soundLog } from '../lib/log.ts'
import { bySystem } from '../lib/world.ts'
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

/** What a deletion says beside what was shown: what lost the thing by it (takes-along.test.ts). */
const ALSO: Record<string, View> = {
  'monitor.delete': { statusPageIds: expect.any(Array) },
  'integration.delete': { monitorIds: expect.any(Array) },
}

const differing = (before: View | null, after: View | null) =>
  [...new Set([...Object.keys({ ...before }), ...Object.keys({ ...after })])]
    .filter((field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]))
    .toSorted()

const personOf = (person: Person) => ({ name: 'Ada Lovelace', email: `${person.userId.toLowerCase()}@example.test` })

/** What is done to a log itself has tests of its own: test/audit/erasure.test.ts, retention.test.ts and accept.test.ts. */
const TO_THE_LOG = ['person.erase', 'audit_log.prune', 'audit_log.accept']
/** What changes more than the thing it is about: test/members/, test/api/key-roll.test.ts. */
const CHANGE_MORE = ['workspace.transfer', 'member.remove', 'member.leave', 'api_key.roll']
/** Many things in a step: rewrap.test.ts. */
const IN_STEPS = ['credential.rewrap']
/** Of the workspace itself: ending.test.ts. */
const ITS_END = ['workspace.delete', 'workspace.keep', 'workspace.purge', 'workspace.end']
/** Of a workspace that nobody uses: test/mail/idle.test.ts. */
const OF_THE_IDLE = ['workspace.tell_of_pause', 'monitor.auto_pause']
const WITH_OWN_TESTS = [...TO_THE_LOG, ...CHANGE_MORE, ...IN_STEPS, ...ITS_END, ...OF_THE_IDLE]

const routed = MUTATIONS.flatMap((verb) =>
  verb.route && !WITH_OWN_TESTS.includes(verb.action)
    ? (verb.credentials ?? PEOPLE_AND_KEYS).map((type) => ({ verb, type, action: verb.action }))
    : [],
)

test('every change has an input in the table of these tests', () => {
  expect(MUTATIONS.map((verb) => verb.action).filter((action) => !VALID[action])).toEqual([])
  const made = new Set(routed.map(({ action }) => action))
  // Reading and exporting are noted by the reads themselves: test/audit/browse.test.ts.
  const left = MUTATIONS.filter(
    ({ action, scope }) => !made.has(action) && scope === 'write' && !WITH_OWN_TESTS.includes(action),
  )
  const others = left.map((verb) => verb.credentials)
  expect(others.flat()).toEqual(
    others.flat().map(() => expect.stringMatching(/^(?:system|sign_in|founder|invited|operator)$/)),
  )
})

describe.each(routed)('$action by $type', ({ verb, type }) => {
  test('is one entry, which says who did what to what', async () => {
    const person = await newPerson()
    const { as, actor, user } = await makerOf(type, person)
    const input = await inputOf(verb, person)
    const seen = await shown(verb, person, input.id)
    const before = seen && { ...seen, ...ALSO[verb.action] }
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
    ({ action, credentials }) => credentials?.includes('system') && !WITH_OWN_TESTS.includes(action),
  ).map(({ action }) => ({ action, who: 'Candor itself', type: 'system' as const, id: 'monitoring' }))
  const operators = MUTATIONS.filter(
    ({ action, credentials }) => credentials?.includes('operator') && !WITH_OWN_TESTS.includes(action),
  ).map(({ action }) => ({
    action,
    who: 'the operator',
    type: 'operator' as const,
    id: 'operator',
  }))

  test.each([...systems, ...operators])(
    '$action by $who is one entry without a person',
    async ({ action, type, id }) => {
      const person = await newPerson()
      const verb = MUTATIONS.find((candidate) => candidate.action === action) ?? expect.unreachable()
      const input = await inputOf(verb, person)
      const { workspaceId } = person
      const credential: Credential | null = type === 'operator' ? { type, workspaceId } : null
      const earlier = await readLog(person.workspaceId)
      const open = (await rowsOf('incident')).find((row) => row.monitor_id === input.monitorId)
      const before = await shown(verb, person, open?.id ?? input.id)
      const { entityId, seq } = unwrap<MutationAnswer>(
        await bySystem(person, action, input, credential ? { credential } : {}),
      )
      const entries = await soundLog(person.workspaceId)
      expect(entries.slice(0, -1)).toEqual(earlier)
      const { leaf, person: personal } = entries.at(-1) ?? expect.unreachable()
      const after = await shown(verb, person, entityId)
      expect(leaf).toMatchObject({
        seq,
        action,
        surface: 'system',
        actor: { type: 'system', id },
        user: null,
        auth: type,
        entity: { type: action.split('.')[0], id: entityId },
        before,
        after,
        changed: differing(before, after),
        person: null,
      })
      expect([after === null, personal]).toEqual([false, null])
    },
  )

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
