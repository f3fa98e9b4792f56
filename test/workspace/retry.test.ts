import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import { configOf, objectOf } from '../../workers/app/bindings.ts'
import { openStore } from '../../workers/app/monitoring/store.ts'
import { deliverTransitions } from '../../workers/app/monitoring/transitions.ts'
import { mutateGroup } from '../../workers/app/workspace/mutate.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { ask, MONITOR, mutateAs, NO_CLIENT, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { dumpBesidesLog, rowsOf } from '../lib/database.ts'
import { soundLog } from '../lib/log.ts'
import { otherInstance } from '../lib/other-instance.ts'
import { bySystem, CAUSE, made, settled } from '../lib/world.ts'

const headers = (key: string) => ({ 'idempotency-key': key })
const isReplay = (answer: { headers: Headers }) => answer.headers.get('idempotency-replayed') === 'true'
const entriesOf = async ({ workspaceId }: Person) => (await soundLog(workspaceId)).length

async function keyHolder() {
  const person = await newPerson()
  const { token } = await newApiKey(person)
  return { person, token }
}

describe('twenty requests at once under one Idempotency-Key', () => {
  test('make one monitor and one entry, and nineteen of them are told that they are replays', async () => {
    const { person, token } = await keyHolder()
    const before = await entriesOf(person)
    const asked = { as: token, body: MONITOR, headers: headers('once') }
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/v1/monitors', asked)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(isReplay)).toHaveLength(19)
    expect(await entriesOf(person)).toBe(before + 1)
    const monitors = (await rowsOf('monitor')).filter((row) => row.workspace_id === person.workspaceId)
    expect(monitors.map((row) => row.id)).toEqual([answers[0]?.body.id])
  })

  test('and twenty keys make twenty', async () => {
    const { person, token } = await keyHolder()
    const before = await entriesOf(person)
    const one = (i: number) =>
      ask('POST', '/v1/monitors', { as: token, body: MONITOR, headers: headers(`number-${i}`) })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => one(i)))
    expect(answers.filter(isReplay)).toEqual([])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(20)
    expect(await entriesOf(person)).toBe(before + 20)
  })
})

describe('a request again under the same Idempotency-Key', () => {
  /** The second request under a key that the first has used; the database is what the first one left. */
  async function again(
    as: Person | string,
    first: [method: string, path: string, body?: unknown],
    second: [method: string, path: string, body?: unknown] = first,
  ) {
    const key = newId('request')
    const send = (it: typeof first) =>
      ask(it[0], it[1], { as, headers: headers(key), ...(it[2] !== undefined && { body: it[2] }) })
    const original = await send(first)
    expect([original.status < 300, isReplay(original)]).toEqual([true, false])
    await settled()
    const [before, entries] = [await dumpBesidesLog(), (await rowsOf('audit_log')).length]
    const answer = await send(second)
    expect(await dumpBesidesLog()).toBe(before)
    // A retry is no entry; a refusal is one.
    expect((await rowsOf('audit_log')).length).toBe(entries + (answer.status < 400 ? 0 : 1))
    return { original, answer }
  }

  test('is answered as the first was, whatever has become of the monitor', async () => {
    const { person } = await keyHolder()
    const id = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
    const calls: [string, string, unknown?][] = [
      ['PATCH', `/v1/monitors/${id}`, { name: 'Another' }],
      ['POST', `/v1/monitors/${id}/check`],
      // A second pause would be a conflict, a second deletion not found: as retries they are not.
      ['POST', `/v1/monitors/${id}/pause`],
      ['DELETE', `/v1/monitors/${id}`],
    ]
    for (const call of calls) {
      const { original, answer } = await again(person, call)
      expect([answer.status, answer.text, isReplay(answer)]).toEqual([original.status, original.text, true])
    }
  })

  test('with another body, or for another change, is refused and changes nothing', async () => {
    const { token } = await keyHolder()
    const first: [string, string, unknown] = ['POST', '/v1/monitors', { ...MONITOR, body: 'one' }]
    const others: [string, string, unknown][] = [
      ['POST', '/v1/monitors', { ...MONITOR, name: 'Another', body: 'one' }],
      ['POST', '/v1/monitors', { ...MONITOR, body: 'two' }],
      ['POST', '/v1/monitors', MONITOR],
      ['PATCH', '/v1/workspace', { name: 'Another' }],
    ]
    for (const other of others) {
      const { answer } = await again(token, first, other)
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_mismatch'])
    }
  })

  test('is a retry when only the spelling of the body is another', async () => {
    const { token } = await keyHolder()
    const reordered = Object.fromEntries(Object.entries({ ...MONITOR, method: 'GET' }).toReversed())
    const { answer } = await again(token, ['POST', '/v1/monitors', MONITOR], ['POST', '/v1/monitors', reordered])
    expect([answer.status, isReplay(answer)]).toEqual([201, true])
  })

  test('does not tell a token or a signing secret a second time', async () => {
    const { person } = await keyHolder()
    const key = await again(person, ['POST', '/v1/api-keys', { name: 'ci' }])
    expect([key.original.body.token, key.answer.body.token]).toEqual([expect.stringMatching(/^cdr_/), undefined])
    const config = { url: 'https://hooks.example/candor' }
    const hook = await again(person, ['POST', '/v1/integrations', { kind: 'webhook', name: 'On call', config }])
    expect([hook.original.body.signingSecret, hook.answer.body.signingSecret]).toEqual([
      expect.stringMatching(/^whsec_/),
      undefined,
    ])
    expect(key.answer.body.id).toBe(key.original.body.id)
  })

  test('is a retry only in its own workspace', async () => {
    const [one, other] = [await keyHolder(), await keyHolder()]
    const made = []
    for (const { token } of [one, other])
      made.push(await ask('POST', '/v1/monitors', { as: token, body: MONITOR, headers: headers('the-same-key') }))
    expect(made.map(({ status }) => status)).toEqual([201, 201])
    expect(made.filter(isReplay)).toEqual([])
    expect(made[0]?.body.id).not.toBe(made[1]?.body.id)
  })

  test('is refused to a key that has been revoked since', async () => {
    const person = await newPerson()
    const { token, id } = await newApiKey(person)
    const asked = { as: token, body: MONITOR, headers: headers('before-the-end') }
    expect((await ask('POST', '/v1/monitors', asked)).status).toBe(201)
    await made(person, 'api_key.revoke', { id })
    expect((await ask('POST', '/v1/monitors', asked)).status).toBe(401)
  })

  test('is made anew when the first one was refused', async () => {
    const { person, token } = await keyHolder()
    const before = await entriesOf(person)
    const wrong = { ...MONITOR, integrationIds: [newId('integration')] }
    const refused = await ask('POST', '/v1/monitors', { as: token, body: wrong, headers: headers('corrected') })
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid'])
    const right = await ask('POST', '/v1/monitors', { as: token, body: MONITOR, headers: headers('corrected') })
    expect([right.status, isReplay(right)]).toEqual([201, false])
    // The refusal is an entry too, and holds no key.
    expect(await entriesOf(person)).toBe(before + 2)
  })

  test('is known after the keyring has turned', async () => {
    const { person } = await keyHolder()
    const config = configOf(env)
    const next = { kid: '00000000', key: crypto.getRandomValues(new Uint8Array(32)) }
    const turned = { active: next, byKid: new Map([...config.keyring.byKid, [next.kid, next]]) }
    const rename = { name: 'Turned' }
    const idempotencyKey = 'across-keys'
    const first = unwrap<MutationAnswer>(await mutateAs(person, 'workspace.rename', rename, { idempotencyKey }))
    const replayed = await runInDurableObject(workspaceOf(person.workspaceId), async (_, { storage }) => {
      const writer = { ...otherInstance(person.workspaceId, storage), config: { ...config, keyring: turned } }
      const { session: credential } = person
      const request = { action: 'workspace.rename', input: rename, credential, surface: 'api' as const }
      const again = { ...request, requestId: newId('request'), idempotencyKey, client: NO_CLIENT }
      const [answer] = await mutateGroup(writer, [again])
      return answer && unwrap<MutationAnswer>(answer)
    })
    expect(replayed).toMatchObject({ replayed: true, seq: first.seq })
  })
})

test('an outage that Candor is told of twice is one incident and one entry', async () => {
  const person = await newPerson()
  const monitorId = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
  const outage = { monitorId, startedAt: Date.now(), cause: CAUSE }
  const before = await entriesOf(person)
  const idempotencyKey = `incident.open:${monitorId}:${outage.startedAt}`
  const told = await Promise.all([1, 2, 3].map(() => bySystem(person, 'incident.open', outage, { idempotencyKey })))
  expect(told.map((result) => unwrap<MutationAnswer>(result).replayed).toSorted()).toEqual([false, true, true])
  expect(await entriesOf(person)).toBe(before + 1)
})

test('nobody can take the key under which Candor tells of an outage, and so keep it quiet', async () => {
  const person = await newPerson()
  const { workspaceId } = person
  const monitorId = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
  await runInDurableObject(objectOf(env.MONITORING, env, workspaceId), async (_, { storage }) => {
    const store = openStore(storage)
    const outage = { ...CAUSE, errorClass: 'connect' as const }
    store.putTransition(
      { type: 'incident.open', monitorId, startedAt: Date.now(), cause: outage, evidence: [] },
      workspaceId,
    )
    await deliverTransitions(store, env)
  })
  const { leaf } = (await soundLog(workspaceId)).at(-1) ?? expect.unreachable()
  expect(leaf).toMatchObject({ action: 'incident.open', surface: 'system', idempotencyKey: expect.any(String) })
  const taken = await ask('POST', '/v1/monitors', {
    as: person,
    body: MONITOR,
    headers: headers(`${leaf.idempotencyKey}`),
  })
  expect([taken.status, taken.body.code]).toEqual([400, 'bad_request'])
})

test('an Idempotency-Key of other characters, or a longer one, is refused', async () => {
  const { person, token } = await keyHolder()
  const before = await entriesOf(person)
  for (const key of ['two words', 'a\ttab', 'k'.repeat(256), '']) {
    const answer = await ask('POST', '/v1/monitors', { as: token, body: MONITOR, headers: headers(key) })
    expect([key, answer.status]).toEqual([key, 400])
  }
  expect(await entriesOf(person)).toBe(before)
  const longest = await ask('POST', '/v1/monitors', { as: token, body: MONITOR, headers: headers('k'.repeat(255)) })
  expect(longest.status).toBe(201)
})
