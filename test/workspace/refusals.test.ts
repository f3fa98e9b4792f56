import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROLES, type Role } from '../../shared/contracts/common.ts'
import { ID_PREFIXES, type Noun, newId } from '../../shared/ids.ts'
import type { Credential, CredentialType } from '../../workers/app/services/context.ts'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { type Mutation, PEOPLE_AND_KEYS } from '../../workers/app/services/mutation.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { ask, MONITOR, mutateAs, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { dump, dumpBesidesLog, pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { readLog, soundLog } from '../lib/log.ts'
import { lookLater } from '../lib/mail.ts'
import { made, newSlug, settled } from '../lib/world.ts'
import { CONFLICTS, guestOf, VALID } from './verbs.ts'

const typesOf = (verb: Mutation) => verb.credentials ?? PEOPLE_AND_KEYS
const by = (type: CredentialType) => MUTATIONS.filter((verb) => typesOf(verb).includes(type)).map(named)
const named = (verb: Mutation) => ({ verb, action: verb.action })

type Key = Extract<Credential, { type: 'api_key' }>

async function keyOf(person: Person, scope: 'read' | 'write'): Promise<{ token: string; credential: Key }> {
  const { token, id } = await newApiKey(person, scope)
  const row = (await rowsOf('api_key')).find((candidate) => candidate.id === id)
  const credential: Key = { type: 'api_key', workspaceId: person.workspaceId, keyId: id, hash: `${row?.hash}`, scope }
  return { token, credential }
}

/** A workspace with something for every change, and another one. What is refused changes neither: one of each will do. */
let ada: Person
const valid = new Map<string, Record<string, unknown>>()
const theirs = new Map<string, Record<string, unknown>>()
let grace: Person
let writer: Key
let reader: { token: string; credential: Key }
let revoked: Key
let ended: Key
let guest: Credential
beforeAll(async () => {
  ada = await newPerson()
  grace = await newPerson('Grace Hopper')
  for (const [action, arrange] of Object.entries(VALID)) {
    valid.set(action, await arrange(ada))
    theirs.set(action, await arrange(grace))
  }
  guest = (await guestOf(ada)).credential
  writer = (await keyOf(ada, 'write')).credential
  reader = await keyOf(ada, 'read')
  revoked = (await keyOf(ada, 'write')).credential
  await made(ada, 'api_key.revoke', { id: revoked.keyId })
  ended = (await keyOf(ada, 'write')).credential
  await lookLater(ada.workspaceId)
  await pastTheGates([statement('UPDATE api_key SET expires_at = ? WHERE id = ?', Date.now() - 1, ended.keyId)])
})

// With all that was refused in it.
afterAll(() => soundLog(ada.workspaceId))

const inputOf = (action: string, inputs = valid) =>
  inputs.get(action) ?? expect.unreachable(`${action} has no input: test/workspace/verbs.ts needs one`)

function credentialOf(type: CredentialType, { workspaceId, userId, session }: Person): Credential {
  if (type === 'session') return session
  if (type === 'api_key') return writer
  if (type === 'operator') return { type, workspaceId }
  if (type === 'invited') return guest
  if (type === 'founder') return { type, workspaceId, hash: session.type === 'session' ? session.hash : '' }
  return type === 'sign_in' ? { type, workspaceId, userId } : { type, workspaceId, name: 'monitoring' }
}
const firstOf = (verb: Mutation, person: Person) => credentialOf(typesOf(verb)[0] ?? 'session', person)

type Attempt = () => Promise<unknown>
const attempt =
  (person: Person, action: string, input: unknown, credential: Credential): Attempt =>
  () =>
    mutateAs(person, action, input, { credential })

const entries = () => env.DB.prepare('SELECT count(*) AS n FROM audit_log').first<number>('n')

/** Every attempt is refused with this code, and the database is byte for byte what it was. */
async function expectRefused(code: string, ...attempts: Attempt[]) {
  await settled()
  const before = await dump()
  for (const make of attempts)
    expect(await make()).toMatchObject({ ok: false, code, message: expect.stringMatching(/\w/) })
  expect(await dump()).toBe(before)
}

/** As above, of somebody who was confirmed: each attempt is an entry with its outcome, and nothing else is changed. */
async function expectNoted(code: string, person: Person, action: string, ...attempts: Attempt[]) {
  await settled()
  const [before, size] = [await dumpBesidesLog(), await entries()]
  for (const make of attempts)
    expect(await make()).toMatchObject({ ok: false, code, message: expect.stringMatching(/\w/) })
  expect(await dumpBesidesLog()).toBe(before)
  expect(await entries()).toBe(Number(size) + attempts.length)
  const read = person === ada ? readLog : soundLog
  for (const { leaf } of (await read(person.workspaceId)).toReversed().slice(0, attempts.length))
    expect(leaf).toMatchObject({ action, outcome: code, before: null, after: null, changed: [], idempotencyKey: null })
}

/** Whether a refusal of whoever makes this change is an entry. */
const isNoted = (verb: Mutation) => verb.scope === 'write' && typesOf(verb).some((type) => type !== 'system')
const refusal = (verb: Mutation, code: string, person: Person, ...attempts: Attempt[]) =>
  isNoted(verb) ? expectNoted(code, person, verb.action, ...attempts) : expectRefused(code, ...attempts)

describe.each(MUTATIONS.map(named))('$action is refused', ({ action, verb }) => {
  test('with an input that is not right', async () => {
    const input = inputOf(action)
    const spoiled = Object.keys(input).map((field) => ({ ...input, [field]: [[]] }))
    const nothing = Object.keys(input).length === 0
    const wrong: unknown[] = [null, undefined, [], 'text', 1, ...(nothing ? [{ more: 1 }] : [{}]), ...spoiled]
    // Candor's own messages to itself may grow fields; the inputs of people and keys have none but the known.
    if (!typesOf(verb).includes('system')) wrong.push({ ...input, workspaceId: ada.workspaceId })
    const credential = firstOf(verb, ada)
    await refusal(verb, 'invalid', ada, ...wrong.map((bad) => attempt(ada, action, bad, credential)))
  })

  test('to every kind of caller that may not make it', async () => {
    const all = ['session', 'api_key', 'sign_in', 'founder', 'invited', 'system', 'operator'] as const
    const kinds = all.filter((kind) => !typesOf(verb).includes(kind))
    expect(kinds.length).toBeGreaterThan(0)
    const isKnown = (kind: CredentialType) => PEOPLE_AND_KEYS.includes(kind) && verb.scope === 'write'
    const attempts = (list: CredentialType[]) =>
      list.map((kind) => attempt(ada, action, inputOf(action), credentialOf(kind, ada)))
    await expectRefused('forbidden', ...attempts(kinds.filter((kind) => !isKnown(kind))))
    await expectNoted('forbidden', ada, action, ...attempts(kinds.filter(isKnown)))
  })
})

const about = MUTATIONS.filter((verb) => !/\.create$|^workspace\.|^audit_log\.|^credential\./.test(verb.action)).map(
  named,
)

test.each(about)('$action of what another workspace has is refused as what nobody has', async ({ action, verb }) => {
  const field = ['id', 'monitorId'].find((name) => name in inputOf(action)) ?? expect.unreachable()
  const foreign = `${inputOf(action, theirs)[field]}`
  const noun = (Object.keys(ID_PREFIXES) as Noun[]).find((name) => ID_PREFIXES[name] === foreign.split('_')[0])
  const inputs = [foreign, newId(noun ?? expect.unreachable())].map((id) => ({ ...inputOf(action), [field]: id }))
  const attempts = inputs.map((input) => attempt(ada, action, input, firstOf(verb, ada)))
  await expectRefused('not_found', ...attempts)
  const [first, second] = await Promise.all(attempts.map((make) => make()))
  expect(first).toEqual(second)
})

describe.each(by('session'))('$action in a session', ({ action, verb }) => {
  test('is refused to the role below the one it needs', async () => {
    // To leave, and to read the log, is left to everybody.
    const weaker: Role | undefined = ROLES[ROLES.indexOf(verb.role) - 1]
    if (!weaker) return expect(verb.action).toMatch(/^(?:member\.leave|audit_log\.(?:read|export)|workspace\.export)$/)
    const become = (role: Role) =>
      pastTheGates([statement('UPDATE membership SET role = ? WHERE workspace_id = ?', role, ada.workspaceId)])
    // Past the gates is past what the workspace's object knows: a change of anything makes it ask anew.
    const name = (await rowsOf('workspace')).find((row) => row.workspace_id === ada.workspaceId)?.name
    const forget = () => made(ada, 'workspace.rename', { name })
    await forget()
    await become(weaker)
    try {
      await refusal(verb, 'forbidden', ada, attempt(ada, action, inputOf(action), ada.session))
    } finally {
      await become('owner')
      await forget()
    }
  })

  test('that is unknown, or of somebody who is not a member, is refused', async () => {
    const { workspaceId } = ada
    const stranger = { ...grace.session, workspaceId } as Credential
    const unknown: Credential = { type: 'session', workspaceId, hash: '0'.repeat(64) }
    const attempts = [stranger, unknown].map((one) => attempt(ada, action, inputOf(action), one))
    await expectRefused('unauthorized', ...attempts)
  })
})

describe.each(by('api_key'))('$action with a key', ({ action, verb }) => {
  test('that may only read is refused, at the door and by the workspace itself', async () => {
    // Noting that the log was read is a reader's own doing.
    if (verb.scope === 'read')
      return expect(await attempt(ada, action, inputOf(action), reader.credential)()).toMatchObject({ ok: true })
    const [method = '', path = ''] = verb.route?.split(' ') ?? []
    const { id, ...body } = inputOf(action)
    const atTheDoor = async () => {
      const answer = await ask(method, path.replace(':id', String(id)), { as: reader.token, body })
      return { ok: false, code: answer.body.code, message: answer.body.detail }
    }
    await expectRefused('forbidden', attempt(ada, action, inputOf(action), reader.credential), atTheDoor)
  })

  test('that was revoked, has ended, or says more than it was made for is refused', async () => {
    const more: Key = { ...reader.credential, scope: 'write' }
    const forged: Key = { ...writer, hash: '0'.repeat(64) }
    const keys = [revoked, ended, more, forged]
    await expectRefused('unauthorized', ...keys.map((key) => attempt(ada, action, inputOf(action), key)))
  })
})

test.each(CONFLICTS)('%s is refused when %s', async (action, _why, arrange) => {
  const person = await newPerson()
  const input = await arrange(person)
  const verb = MUTATIONS.find((candidate) => candidate.action === action) ?? expect.unreachable()
  const credential = firstOf(verb, person)
  await refusal(verb, 'conflict', person, attempt(person, action, input, credential))
  await made(person, 'workspace.rename', { name: 'The log goes on' })
  await soundLog(person.workspaceId)
})

test('an address of a status page that another workspace has is refused, and leaves its page alone', async () => {
  const [person, other] = [await newPerson(), await newPerson('Grace Hopper')]
  const slug = newSlug()
  await made(other, 'status_page.create', { title: 'First', slug })
  const make = attempt(person, 'status_page.create', { title: 'Mine', slug }, person.session)
  await expectNoted('conflict', person, 'status_page.create', make)
})

test('a first sign-in into a workspace that is there is refused, and changes nothing of it', async () => {
  const [person, { userId }] = [await newPerson(), await newPerson('Grace Hopper')]
  const credential: Credential = { type: 'sign_in', workspaceId: person.workspaceId, userId }
  const make = attempt(person, 'workspace.create', { name: 'Mine' }, credential)
  await expectNoted('conflict', person, 'workspace.create', make)
  const nobody: Credential = { ...credential, userId: newId('user') }
  await expectRefused('unauthorized', attempt(person, 'workspace.create', { name: 'Mine' }, nobody))
})

test('one thing more than the plan has is refused', async () => {
  const person = await newPerson()
  await pastTheGates([statement(`UPDATE workspace SET plan = 'free' WHERE workspace_id = ?`, person.workspaceId)])
  const hook = { kind: 'webhook', name: 'On call', config: { url: 'https://hooks.example/candor' } }
  const limits: [string, number, () => unknown][] = [
    ['monitor.create', LIMITS.free.monitors, () => ({ ...MONITOR, intervalSeconds: 3600 })],
    ['integration.create', LIMITS.free.integrations, () => hook],
    ['status_page.create', LIMITS.free.statusPages, () => ({ title: 'Shop', slug: newSlug() })],
    ['api_key.create', LIMITS.free.apiKeys, () => ({ name: 'ci' })],
  ]
  for (const [action, limit, input] of limits) {
    for (let i = 0; i < limit; i++) await made(person, action, input())
    await expectNoted('limit_reached', person, action, attempt(person, action, input(), person.session))
  }
})
