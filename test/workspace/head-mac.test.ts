import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { NO_CLIENT } from '../../workers/app/services/context.ts'
import type { Head } from '../../workers/app/workspace/head.ts'
import { mutateGroup } from '../../workers/app/workspace/mutate.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { answerIsLost, commits } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { otherInstance } from '../lib/other-instance.ts'
import { made, settled } from '../lib/world.ts'

let person: Person
let token: string
let said: string[]
beforeEach(async () => {
  person = await newPerson()
  token = (await newApiKey(person)).token
  for (const name of ['One', 'Two', 'Three']) await made(person, 'workspace.rename', { name })
  await settled()
  said = []
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

const rename = () => ask('PATCH', '/v1/workspace', { as: token, body: { name: 'After' } })
const inStorage = <T>(does: (storage: DurableObjectStorage) => T) =>
  runInDurableObject(workspaceOf(person.workspaceId), (_, { storage }) => does(storage))
const logRows = async () =>
  (await rowsOf('audit_log'))
    .filter((row) => row.log_id === person.workspaceId)
    .toSorted((a, b) => Number(a.seq) - Number(b.seq))

/** The object as a crash leaves it that came before its copy of the head was stored: the copy is so many entries behind. */
async function crashedBehind(entries: number, change: (copy: Head) => Head = (copy) => copy) {
  const log = await soundLog(person.workspaceId)
  const { range, leaf, seq } = log.at(-1 - entries) ?? expect.unreachable()
  const copy = change({ size: seq + 1, range: Uint8Array.from(range), at: leaf.at })
  await inStorage((storage) => storage.kv.put('head', copy))
  await evictDurableObject(workspaceOf(person.workspaceId))
}

const setMac = (seq: number, mac: number[] | Uint8Array | null) =>
  pastTheGates([statement('UPDATE audit_log SET mac = ? WHERE log_id = ? AND seq = ?', mac, person.workspaceId, seq)])

async function expectGoesOn() {
  const before = (await soundLog(person.workspaceId)).length
  expect((await rename()).status).toBe(200)
  expect(await soundLog(person.workspaceId)).toHaveLength(before + 1)
  expect(said.filter((line) => line.includes('tampered'))).toEqual([])
}

async function expectRefused() {
  const before = (await soundLog(person.workspaceId)).length
  const { status, body } = await rename()
  expect([status, body.code]).toEqual([503, 'log_tampered'])
  expect(await soundLog(person.workspaceId)).toHaveLength(before)
}

test('an object that crashed before its copy was stored goes on with what it had written', async () => {
  await crashedBehind(1)
  await expectGoesOn()
  await crashedBehind(3)
  await expectGoesOn()
})

test('and so does what only reads: the log is checked, and signed, to its end', async () => {
  await crashedBehind(2)
  const size = (await soundLog(person.workspaceId)).length
  const checkpoint = await ask('GET', '/v1/audit/checkpoint', { as: token })
  expect([checkpoint.status, checkpoint.text.split('\n')[1]]).toEqual([200, String(size)])
  expect(await workspaceOf(person.workspaceId).logState()).toMatchObject({ size, checked: { size, finding: null } })
})

describe('after such a crash an end of the log is refused', () => {
  test('that has no MAC', async () => {
    const [last] = (await logRows()).toReversed()
    await setMac(Number(last?.seq), null)
    await crashedBehind(1)
    await expectRefused()
  })

  test('that has the MAC of another head', async () => {
    const [last, before] = (await logRows()).toReversed()
    await setMac(Number(last?.seq), before?.mac as number[])
    await crashedBehind(1)
    await expectRefused()
  })

  test('in whose MAC one bit is another', async () => {
    const [last] = (await logRows()).toReversed()
    const mac = [...((last?.mac ?? []) as number[])]
    mac[31] = (mac[31] ?? 0) ^ 1
    await setMac(Number(last?.seq), mac)
    await crashedBehind(1)
    await expectRefused()
  })

  test('that another object could have written, under its own key', async () => {
    await inStorage((storage) => storage.kv.put('headKey', crypto.getRandomValues(new Uint8Array(32))))
    await crashedBehind(1)
    await expectRefused()
  })

  test('that this object has written, but not after what its copy says', async () => {
    await crashedBehind(2, (copy) => ({ ...copy, range: copy.range.map((byte) => byte ^ 1) }))
    await expectRefused()
  })

  test('that is an end of this object’s, before what its copy says', async () => {
    const [last] = (await logRows()).toReversed()
    const cut = ['audit_body', 'audit_log'].map((table) =>
      statement(`DELETE FROM ${table} WHERE log_id = ? AND seq = ?`, person.workspaceId, Number(last?.seq)),
    )
    await crashedBehind(0)
    await pastTheGates(cut)
    await expectRefused()
  })
})

test('every row of the log bears the MAC of its head', async () => {
  const create = (i: number) => ask('POST', '/v1/monitors', { as: token, body: { ...MONITOR, name: `Monitor ${i}` } })
  expect((await Promise.all([0, 1, 2, 3, 4, 5].map(create))).map(({ status }) => status)).toEqual(Array(6).fill(201))
  for (const row of await logRows()) expect(row.mac).toHaveLength(32)
})

test('a change by an instance of the object that was replaced meanwhile is taken up by its successor', async () => {
  await rename()
  await inStorage(async (storage) => {
    const writer = otherInstance(person.workspaceId, storage)
    const request = { action: 'workspace.rename', input: { name: 'By the old one' }, credential: person.session }
    const rest = { surface: 'api' as const, requestId: newId('request'), idempotencyKey: null, client: NO_CLIENT }
    expect(await mutateGroup(writer, [{ ...request, ...rest }])).toMatchObject([{ ok: true }])
  })
  await expectGoesOn()
})

test('what a version before the MAC had noted ahead of a crash is taken up', async () => {
  const { seq, range } = (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()
  await setMac(seq, null)
  const announced = [{ size: seq + 1, range: Uint8Array.from(range), at: 0 }]
  await inStorage((storage) => storage.kv.put('pending', announced))
  await crashedBehind(1)
  await expectGoesOn()
  await vi.waitFor(async () => expect(await inStorage((storage) => storage.kv.get('pending'))).toBeUndefined())
  await setMac(seq + 1, null)
  await crashedBehind(1)
  await expectRefused()
})

test('a database that fails while a crash is made up for is no tampering', async () => {
  await crashedBehind(1)
  // The row at the copy is read by itself; what a change loads goes out in a batch.
  const prototype = Object.getPrototypeOf(env.DB.prepare('SELECT 1')) as D1PreparedStatement
  const { raw } = prototype
  let failed = 0
  const failing = vi.spyOn(prototype, 'raw').mockImplementation(function (this: { statement: string }, ...given: []) {
    // What the object does by itself at the same time is not meant.
    if (!/ from "audit_log" where/.test(this.statement) || failed > 0) return raw.apply(this as never, given) as never
    failed++
    return Promise.reject(new Error('D1_ERROR: gone')) as never
  })
  const { status, body } = await rename()
  expect([status, body.code, failed]).toEqual([503, 'unavailable', 1])
  failing.mockRestore()
  await expectGoesOn()
})

test('an answer that was lost, and a crash right after it, lose nothing', async () => {
  commits(answerIsLost)
  expect((await rename()).status).toBe(503)
  await evictDurableObject(workspaceOf(person.workspaceId))
  await expectGoesOn()
})
