import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import { database } from '../../workers/app/db/client.ts'
import { built } from '../../workers/app/db/prepared.ts'
import { type Credential, NO_CLIENT } from '../../workers/app/services/context.ts'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { mutateGroup } from '../../workers/app/workspace/mutate.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { newMember } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { answerIsLost, commits, neverArrives } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { otherInstance } from '../lib/other-instance.ts'
import { bySystem, CAUSE, made, newSlug } from '../lib/world.ts'
import { VALID } from './verbs.ts'

let person: Person
let id: string
beforeEach(async () => {
  person = await newPerson()
  id = await made(person, 'integration.create', {
    kind: 'webhook',
    name: 'Nought',
    config: { url: 'https://a.example/' },
  })
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

/** Round trips to D1 from now on. */
function trips() {
  const prototype = Object.getPrototypeOf(env.DB) as D1Database
  const real = prototype.batch
  const spy = vi.spyOn(prototype, 'batch').mockImplementation(function (this: D1Database, statements) {
    return real.call(this, statements) as never
  })
  return () => spy.mock.calls.splice(0).length
}

const sessionHash = () => (person.session.type === 'session' ? person.session.hash : '')
const rename = (name: string, as = person, rest = {}) => mutateAs(as, 'integration.update', { id, name }, rest)
const last = async () => (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()

/** Three changes of a thing, after which the next one goes on what the third has left. */
async function begun(as = person) {
  for (const name of ['One', 'Two', 'Three']) expect(await rename(name, as)).toMatchObject({ ok: true })
}

/** The next change is decided on how things are now. */
async function expectSound(name = 'Next') {
  const before = await soundLog(person.workspaceId)
  const shown = (await rowsOf('integration')).find((row) => row.id === id)
  expect(await rename(name)).toMatchObject({ ok: true })
  const log = await soundLog(person.workspaceId)
  expect(log).toHaveLength(before.length + 1)
  expect(log.at(-1)?.leaf).toMatchObject({ before: { name: shown?.name }, after: { name }, outcome: 'ok' })
}

test('from the second on, changes of a thing take one round trip', async () => {
  const taken = trips()
  const counts: number[] = []
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
    await rename(name)
    counts.push(taken())
  }
  expect(counts).toEqual([2, 1, 1, 1, 1])
  await rename('Six', person, { idempotencyKey: 'six' })
  expect(taken()).toBe(1)
  const names = (await soundLog(person.workspaceId)).slice(-6).map(({ leaf }) => [leaf.before?.name, leaf.after?.name])
  const words = ['Nought', 'One', 'Two', 'Three', 'Four', 'Five', 'Six']
  expect(names).toEqual(words.slice(1).map((word, i) => [words[i], word]))
})

test('so do creations by an API key', async () => {
  const { token } = await newApiKey(person)
  const create = (name: string) => ask('POST', '/v1/monitors', { as: token, body: { ...MONITOR, name } })
  const taken = trips()
  const counts: number[] = []
  for (const name of ['One', 'Two', 'Three', 'Four']) {
    expect((await create(name)).status).toBe(201)
    counts.push(taken())
  }
  expect(counts).toEqual([2, 1, 1, 1])
})

test('a change of the same thing by somebody else, or of anything, makes forgotten what was known', async () => {
  const other = await newMember(person, 'admin')
  const taken = trips()
  for (const between of [
    () => made(person, 'workspace.rename', { name: 'Other' }),
    () => rename('By another', other),
    () => newMonitor(person, { integrationIds: [id] }),
  ]) {
    await begun()
    await between()
    taken()
    await rename('After')
    expect(taken()).toBe(2)
    await expectSound()
  }
})

test('a change of another thing does not', async () => {
  const other = await newMember(person, 'admin')
  const another = await newIntegration(person)
  const taken = trips()
  for (const between of [
    () => newIntegration(person),
    () => newMonitor(other),
    () => made(person, 'integration.update', { id: another, name: 'Another' }),
    () => made(other, 'integration.update', { id: another, name: 'Yet another' }),
    () => mutateAs(other, 'integration.update', { id: another, name: '' }),
  ]) {
    await begun()
    await between()
    taken()
    await rename('After')
    expect(taken()).toBe(1)
    await expectSound()
  }
})

test('several things that are changed in turn take one round trip each', async () => {
  const ids = [id, await newIntegration(person), await newIntegration(person)]
  const taken = trips()
  const counts: number[] = []
  for (const name of ['One', 'Two', 'Three'])
    for (const one of ids) {
      await made(person, 'integration.update', { id: one, name })
      counts.push(taken())
    }
  expect(counts).toEqual([2, 2, 2, 1, 1, 1, 1, 1, 1])
})

test('what somebody else has made is counted', async () => {
  const other = await newMember(person, 'admin')
  const room = LIMITS.pro.integrations - 1
  for (let i = 0; i < room - 2; i++) await newIntegration(person)
  await newIntegration(other)
  await newIntegration(person)
  const create = { kind: 'webhook', name: 'B', config: { url: 'https://b.example/' } }
  expect(await mutateAs(other, 'integration.create', create)).toMatchObject({ ok: false, code: 'limit_reached' })
  expect(await mutateAs(person, 'integration.create', create)).toMatchObject({ ok: false, code: 'limit_reached' })
})

test('so is what is not there any more', async () => {
  const create = () => mutateAs(person, 'api_key.create', { name: 'ci', scope: 'read' })
  const keys: string[] = []
  for (let i = 0; i < LIMITS.pro.apiKeys; i++) keys.push(unwrap<MutationAnswer>(await create()).entityId)
  expect(await create()).toMatchObject({ ok: false, code: 'limit_reached' })
  const hash = (await rowsOf('api_key')).find((row) => row.id === keys[0])?.hash
  const leak = { id: keys[0], hash, url: 'https://code.test/a', source: 'commit' }
  expect(await bySystem(person, 'api_key.revoke_leaked', leak)).toMatchObject({ ok: true })
  expect(await create()).toMatchObject({ ok: true })
  expect(await create()).toMatchObject({ ok: false, code: 'limit_reached' })
})

describe('a retry is answered with what came of it, though it would be refused now:', () => {
  const key = { idempotencyKey: 'once' }
  test('a creation that has reached the limit', async () => {
    const create = (rest = {}) =>
      mutateAs(
        person,
        'integration.create',
        { kind: 'webhook', name: 'B', config: { url: 'https://b.example/' } },
        rest,
      )
    for (let i = 0; i < LIMITS.pro.integrations - 2; i++) await create()
    const last = unwrap<MutationAnswer>(await create(key))
    expect(await create(key)).toMatchObject({ ok: true, value: { replayed: true, entityId: last.entityId } })
    expect(await create()).toMatchObject({ ok: false, code: 'limit_reached' })
    expect(await create(key)).toMatchObject({ ok: true, value: { replayed: true, entityId: last.entityId } })
    expect(await create({ idempotencyKey: 'another' })).toMatchObject({ ok: false, code: 'limit_reached' })
  })

  test('a check of a monitor that is paused by now', async () => {
    const monitorId = await newMonitor(person, { active: true, intervalSeconds: 3600 })
    const check = (rest = {}) => mutateAs(person, 'monitor.check', { id: monitorId }, rest)
    await check()
    expect(await check(key)).toMatchObject({ ok: true })
    await made(person, 'monitor.pause', { id: monitorId })
    expect(await check()).toMatchObject({ ok: false, code: 'conflict' })
    expect(await check(key)).toMatchObject({ ok: true, value: { replayed: true } })
    expect(await mutateAs(person, 'monitor.check', { id: await newMonitor(person) }, key)).toMatchObject({
      ok: false,
      code: 'idempotency_mismatch',
    })
  })
})

test('a person has one salt in a log, also after a batch that was refused', async () => {
  await begun()
  await mutateAs(person, 'integration.update', { id, name: 'Four' }, { idempotencyKey: 'once' })
  await rename('Five')
  for (const name of ['Six', 'Seven']) {
    const other = await mutateAs(person, 'integration.update', { id, name }, { idempotencyKey: 'once' })
    expect(other).toMatchObject({ ok: false, code: 'idempotency_mismatch' })
    await rename(`After ${name}`)
  }
  const rows = (await rowsOf('audit_person')).filter((row) => row.log_id === person.workspaceId)
  expect(rows).toHaveLength(1)
})

test('rows that take much memory are asked for each time', async () => {
  const monitorId = await newMonitor(person, { body: 'x'.repeat(32_000) })
  const taken = trips()
  const counts: number[] = []
  for (const name of ['One', 'Two', 'Three']) {
    await made(person, 'monitor.update', { id: monitorId, name })
    counts.push(taken())
  }
  expect(counts.every((count) => count >= 2)).toBe(true)
})

async function credentialOf(keyId: string): Promise<Credential> {
  const hash = `${(await rowsOf('api_key')).find((row) => row.id === keyId)?.hash}`
  return { type: 'api_key', workspaceId: person.workspaceId, keyId, hash, scope: 'write' }
}

test('changes by a key that wait behind a change of that key are decided on the key as it is then', async () => {
  const { id: keyId } = await newApiKey(person)
  const credential = await credentialOf(keyId)
  const create = (name: string) => mutateAs(person, 'monitor.create', { ...MONITOR, name }, { credential })
  expect(await create('Before')).toMatchObject({ ok: true })
  // While the first is under way, the others wait together.
  const [, roll, ...created] = await Promise.all([
    made(person, 'workspace.rename', { name: 'Busy' }),
    mutateAs(person, 'api_key.roll', { id: keyId, overlapHours: 0 }),
    ...['One', 'Two', 'Three'].map(create),
  ])
  expect(roll).toMatchObject({ ok: true })
  expect(created).toMatchObject(Array(3).fill({ ok: false, code: 'unauthorized' }))
})

test('what an instance knows that was replaced meanwhile is over with the first entry of its successor', async () => {
  const { id: keyId } = await newApiKey(person)
  const credential = await credentialOf(keyId)
  const rest = { surface: 'api' as const, idempotencyKey: null, client: NO_CLIENT }
  const other = await newIntegration(person)
  await runInDurableObject(workspaceOf(person.workspaceId), async (_, { storage }) => {
    const old = otherInstance(person.workspaceId, storage)
    const byOld = async (as: Credential, on: string, name: string) =>
      (
        await mutateGroup(old, [
          {
            ...rest,
            action: 'integration.update',
            input: { id: on, name },
            credential: as,
            requestId: newId('request'),
          },
        ])
      )[0]
    expect(await byOld(credential, id, 'By the key')).toMatchObject({ ok: true })
    expect(await byOld(credential, id, 'Again')).toMatchObject({ ok: true })
    // Its successor revokes the key; the old one makes another change, which takes the log on.
    await made(person, 'api_key.revoke', { id: keyId })
    expect(await byOld(person.session, other, 'By the person')).toMatchObject({ ok: true })
    expect(await byOld(credential, id, 'After all')).toMatchObject({ ok: false, code: 'unauthorized' })
  })
  await soundLog(person.workspaceId)
})

describe('what a change is decided on is never old:', () => {
  test('a limit is met exactly', async () => {
    const room = LIMITS.pro.integrations - 1
    const create = (i: number) =>
      mutateAs(person, 'integration.create', { kind: 'webhook', name: `${i}`, config: { url: 'https://a.example/' } })
    for (let i = 0; i < room; i++) expect(await create(i)).toMatchObject({ ok: true })
    for (let i = 0; i < 3; i++) expect(await create(i)).toMatchObject({ ok: false, code: 'limit_reached' })
    expect(
      await rowsOf('integration').then((rows) => rows.filter((row) => row.workspace_id === person.workspaceId)),
    ).toHaveLength(room + 1)
    expect((await last()).leaf.outcome).toBe('limit_reached')
  })

  test('a key that was revoked changes nothing any more', async () => {
    const { token, id: keyId } = await newApiKey(person)
    const change = (name: string) => ask('PATCH', `/v1/integrations/${id}`, { as: token, body: { name } })
    for (const name of ['One', 'Two', 'Three']) expect((await change(name)).status).toBe(200)
    await made(person, 'api_key.revoke', { id: keyId })
    expect((await change('Four')).status).toBe(401)
    expect((await last()).leaf.action).toBe('api_key.revoke')
  })

  test.each<[what: string, action: string, input: (keyId: string) => Promise<Record<string, unknown>>, status: number]>(
    [
      ['bound to networks', 'api_key.update', async (keyId) => ({ id: keyId, allowedNetworks: ['192.0.2.0/24'] }), 403],
      [
        'found in public',
        'api_key.revoke_leaked',
        async (keyId) => {
          const hash = (await rowsOf('api_key')).find((row) => row.id === keyId)?.hash
          return { id: keyId, hash, url: 'https://code.test/a', source: 'commit' }
        },
        401,
      ],
      ['rolled without delay', 'api_key.roll', async (keyId) => ({ id: keyId, overlapHours: 0 }), 401],
    ],
  )('a key that was %s changes nothing any more', async (_, action, input, status) => {
    const { token, id: keyId } = await newApiKey(person)
    const change = (name: string) => ask('PATCH', `/v1/integrations/${id}`, { as: token, body: { name } })
    for (const name of ['One', 'Two', 'Three']) expect((await change(name)).status).toBe(200)
    const credential = { type: 'system', workspaceId: person.workspaceId, name: 'secret_scanning' } as const
    const rest = action === 'api_key.revoke_leaked' ? { credential } : {}
    expect(await mutateAs(person, action, await input(keyId), rest)).toMatchObject({ ok: true })
    expect((await change('Four')).status).toBe(status)
    expect((await rowsOf('integration')).find((row) => row.id === id)?.name).toBe('Three')
  })

  test('a session that has ended neither', async () => {
    await begun()
    const gone = statement('DELETE FROM session WHERE hash = ?', sessionHash())
    await pastTheGates([gone])
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'unauthorized' })
    expect((await last()).leaf.after).toMatchObject({ name: 'Three' })
  })

  test('a session that is in another workspace by now neither', async () => {
    await begun()
    await pastTheGates([statement('UPDATE session SET workspace_id = ? WHERE hash = ?', 'ws_other', sessionHash())])
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'unauthorized' })
  })

  test('nor one that its owner has ended while their log took no entry', async () => {
    await begun()
    await pastTheGates([statement('UPDATE session SET last_seen_at = 0 WHERE hash = ?', sessionHash())])
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'unauthorized' })
  })

  test('nor somebody whose account is being deleted', async () => {
    await begun()
    await pastTheGates([statement('UPDATE user SET ends_at = ? WHERE id = ?', Date.now() + 1000, person.userId)])
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'account_ending' })
  })

  test.each(['name', 'email'])('an entry has the %s that its person has now', async (field) => {
    await begun()
    const value = `${newId('user').toLowerCase()}@new.test`
    await pastTheGates([statement(`UPDATE user SET ${field} = ? WHERE id = ?`, value, person.userId)])
    await expectSound()
    expect(JSON.parse((await last()).person?.json ?? '{}')).toMatchObject({ [field]: value })
  })

  test('of a key as well', async () => {
    const { token } = await newApiKey(person)
    const change = (name: string) => ask('PATCH', `/v1/integrations/${id}`, { as: token, body: { name } })
    for (const name of ['One', 'Two', 'Three']) expect((await change(name)).status).toBe(200)
    await pastTheGates([statement('UPDATE user SET name = ? WHERE id = ?', 'Ada King', person.userId)])
    expect((await change('Four')).status).toBe(200)
    expect(JSON.parse((await last()).person?.json ?? '{}')).toMatchObject({ name: 'Ada King' })
  })

  test('somebody who has another role now has it', async () => {
    const member = await newMember(person, 'member')
    await begun(member)
    await made(person, 'member.change_role', { id: member.userId, role: 'viewer' })
    expect(await rename('Four', member)).toMatchObject({ ok: false, code: 'forbidden' })
    expect((await last()).leaf).toMatchObject({ action: 'integration.update', outcome: 'forbidden' })
  })

  test('a log whose end was altered takes no change', async () => {
    await begun()
    const { seq } = (await last()).leaf
    await pastTheGates([
      statement(
        'UPDATE audit_log SET range = randomblob(length(range)) WHERE log_id = ? AND seq = ?',
        person.workspaceId,
        seq,
      ),
    ])
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'log_tampered' })
  })

  test('nor one whose end was cut off', async () => {
    await begun()
    const { seq } = (await last()).leaf
    await pastTheGates(
      ['audit_body', 'audit_log'].map((table) =>
        statement(`DELETE FROM ${table} WHERE log_id = ? AND seq = ?`, person.workspaceId, seq),
      ),
    )
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'log_tampered' })
  })

  test('an idempotency key that was used is answered with what came of it', async () => {
    await rename('One', person, { idempotencyKey: 'once' })
    await rename('Two')
    await rename('Three')
    const again = unwrap<MutationAnswer>(await rename('One', person, { idempotencyKey: 'once' }))
    expect([again.replayed, again.after]).toEqual([true, expect.objectContaining({ name: 'One' })])
    expect((await last()).leaf.after).toMatchObject({ name: 'Three' })
    expect(await rename('Else', person, { idempotencyKey: 'once' })).toMatchObject({ code: 'idempotency_mismatch' })
    await expectSound()
  })

  test.each([
    ['never arrives', neverArrives],
    ['has no answer', answerIsLost],
  ])('after a batch that %s', async (_, becomes) => {
    await begun()
    commits(becomes)
    expect(await rename('Four')).toMatchObject({ ok: false, code: 'unavailable' })
    await expectSound('Five')
  })

  test('after a refusal of what was sent', async () => {
    await begun()
    expect(await rename('')).toMatchObject({ ok: false, code: 'invalid' })
    await expectSound()
  })
})

/** Changes whose verb knows what its questions are answered with afterwards, besides the valid ones of the register. */
const KNOWN: [name: string, action: string, arrange: (as: Person) => Promise<Record<string, unknown>>][] = [
  ...MUTATIONS.filter(
    ({ touches, action, credentials }) =>
      touches && VALID[action] && (credentials ?? []).every((one) => one === 'session'),
  ).map(
    ({ action }) => [action, action, async (as: Person) => (await VALID[action]?.(as)) ?? {}] as (typeof KNOWN)[number],
  ),
  ['a monitor by its name only', 'monitor.update', async (as) => ({ id: await newMonitor(as), name: 'Other' })],
  [
    'a monitor that is paused while it is down',
    'monitor.update',
    async (as) => ({ id: await downMonitor(as), active: false }),
  ],
  ['a monitor that is down', 'monitor.update', async (as) => ({ id: await downMonitor(as), name: 'Other' })],
  [
    'a monitor that tells nobody any more',
    'monitor.update',
    async (as) => ({ id: await newMonitor(as, { integrationIds: [id] }), integrationIds: [] }),
  ],
  [
    'a monitor that tells several',
    'monitor.update',
    async (as) => {
      const others = [await newIntegration(as), await newIntegration(as), id]
      return { id: await newMonitor(as), integrationIds: others.toSorted().toReversed() }
    },
  ],
  [
    'headers that are sealed',
    'monitor.update',
    async (as) => ({ id: await newMonitor(as), headers: [{ key: 'x-a', value: 'b' }], degradedAfterMs: 900 }),
  ],
  ['an integration by its name only', 'integration.update', async () => ({ id, name: 'Other' })],
  [
    'a page whose monitors change places',
    'status_page.update',
    async (as) => {
      const monitorIds = [await newMonitor(as), await newMonitor(as), await newMonitor(as)].toSorted()
      const page = await made(as, 'status_page.create', { title: 'Shop', slug: newSlug(), monitorIds })
      return { id: page, monitorIds: monitorIds.toReversed() }
    },
  ],
  [
    'a page without monitors',
    'status_page.update',
    async (as) => {
      const monitorIds = [await newMonitor(as)]
      return {
        id: await made(as, 'status_page.create', { title: 'Shop', slug: newSlug(), monitorIds }),
        monitorIds: [],
      }
    },
  ],
  [
    'a page by its title only',
    'status_page.update',
    async (as) => {
      const monitorIds = [await newMonitor(as), await newMonitor(as)].toReversed()
      return {
        id: await made(as, 'status_page.create', { title: 'Shop', slug: newSlug(), monitorIds }),
        title: 'Other',
      }
    },
  ],
]
const newMonitor = (as: Person, rest = {}) => made(as, 'monitor.create', { ...MONITOR, ...rest })
const newIntegration = (as: Person) =>
  made(as, 'integration.create', { kind: 'webhook', name: 'B', config: { url: 'https://b.example/' } })
async function downMonitor(as: Person): Promise<string> {
  const monitorId = await newMonitor(as, { active: true, intervalSeconds: 3600 })
  await bySystem(as, 'incident.open', { monitorId, startedAt: Date.now(), cause: CAUSE })
  return monitorId
}
/** After these, whatever comes next asks something else. */
const UNKNOWN = [
  'monitor.pause',
  'monitor.resume',
  'api_key.roll',
  'audit_log.read',
  'audit_log.export',
  'workspace.export',
]

describe('what a change says it has left is what the database answers:', () => {
  test.each(KNOWN)('%s', async (_, action, arrange) => {
    const verb = MUTATIONS.find((one) => one.action === action) ?? expect.unreachable()
    const input = verb.input.parse(await arrange(person))
    const decided = vi.spyOn(verb, 'run')
    expect(await mutateAs(person, action, input)).toMatchObject({ ok: true })
    const { rowsAfter } = (await decided.mock.results.at(-1)?.value) ?? {}
    decided.mockRestore()
    const db = database(env.DB)
    const load = verb.load(db, { workspaceId: person.workspaceId, now: Date.now() } as never, input)
    const [first, ...rest] = Object.values(load)
    const answers = first ? await db.batch([first, ...rest]) : []
    const found = Object.fromEntries(Object.keys(load).map((name, i) => [name, answers[i]]))
    expect(rowsAfter).toEqual(UNKNOWN.includes(action) ? undefined : found)
  })

  test('each change is decided on what the one before it has left', async () => {
    const a = await newIntegration(person)
    const monitorId = await newMonitor(person)
    const sets = [[a], [id], [id], [id]]
    for (const integrationIds of sets) await made(person, 'monitor.update', { id: monitorId, integrationIds })
    const log = (await soundLog(person.workspaceId)).slice(-sets.length)
    expect(log.map(({ leaf }) => leaf.before?.integrationIds)).toEqual([[], ...sets.slice(0, -1)])
    const versions = log.map(({ leaf }) => [leaf.before?.updatedAt, leaf.after?.updatedAt])
    for (const [i, [before]] of versions.slice(1).entries()) expect(before).toBe(versions[i]?.[1])
  })
})

describe('what a change may be decided on without asking stands behind the gates of its workspace’s log', () => {
  test.each(MUTATIONS.filter((verb) => verb.touches).map((verb) => [verb.action, verb] as const))(
    '%s',
    async (action, verb) => {
      const gates = (await rowsOf('sqlite_master'))
        .filter(
          ({ type, name, sql }) =>
            type === 'trigger' && /_update_gate$/.test(String(name)) && /log_id = NEW\.workspace_id/.test(String(sql)),
        )
        .map(({ tbl_name }) => tbl_name)
      const input = verb.input.parse(await VALID[action]?.(person))
      const load = verb.load(database(env.DB), { workspaceId: person.workspaceId, now: Date.now() } as never, input)
      for (const { question } of Object.values(load).map(built)) {
        const [sql] = JSON.parse(question ?? 'null') as [string]
        const tables = [...sql.matchAll(/\b(?:from|join)\s+"?([a-z_]+)"?/gi)].map(([, table]) => table)
        expect(tables.filter((table) => table !== 'json_each')).not.toEqual([])
        for (const table of tables) expect([...gates, 'json_each']).toContain(table)
      }
    },
  )
})
