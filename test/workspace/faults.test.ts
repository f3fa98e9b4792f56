import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, MONITOR, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { dump, pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { answerIsLost, commits, databaseIsGone, neverArrives } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { made, settled } from '../lib/world.ts'

let person: Person
let token: string
/** Entries before the test began. */
let entries: number
let said: string[]
beforeEach(async () => {
  person = await newPerson()
  token = (await newApiKey(person)).token
  entries = (await soundLog(person.workspaceId)).length
  await settled()
  said = []
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

/** Whatever went wrong between a change and its answer is honest: it is never taken for tampering. */
afterEach(() => expect(said.filter((line) => line.includes('tampered'))).toEqual([]))

const create = (key?: string) =>
  ask('POST', '/v1/monitors', { as: token, body: MONITOR, ...(key && { headers: { 'idempotency-key': key } }) })
const isReplay = (answer: { headers: Headers }) => answer.headers.get('idempotency-replayed') === 'true'
const monitors = async () => (await rowsOf('monitor')).filter((row) => row.workspace_id === person.workspaceId)
const evict = () => evictDurableObject(workspaceOf(person.workspaceId))

async function expectUnavailable(answer: { status: number; body: { code: string; detail: string } }) {
  expect([answer.status, answer.body.code]).toEqual([503, 'unavailable'])
  expect(answer.body.detail).toContain('Try again')
}

/** As many monitors and entries as there should be, and the log as an outsider checks it. */
async function expectMade(count: number) {
  expect(await monitors()).toHaveLength(count)
  const log = await soundLog(person.workspaceId)
  expect(log.slice(entries).map(({ leaf }) => leaf.action)).toEqual(Array(count).fill('monitor.create'))
  expect(
    log
      .slice(entries)
      .map(({ leaf }) => leaf.entity.id)
      .toSorted(),
  ).toEqual((await monitors()).map((row) => row.id).toSorted())
}

describe('a database that fails', () => {
  test('before the change is sent: 503, nothing is written, and the next change continues the sequence', async () => {
    const before = await dump()
    databaseIsGone()
    await expectUnavailable(await create())
    vi.mocked(Object.getPrototypeOf(env.DB).batch).mockRestore()
    expect(await dump()).toBe(before)
    expect((await create()).status).toBe(201)
    await expectMade(1)
  })

  test('when the change is sent: 503, nothing is written, and the next change continues the sequence', async () => {
    const before = await dump()
    commits(neverArrives, neverArrives)
    await expectUnavailable(await create('lost'))
    await expectUnavailable(await create())
    expect(await dump()).toBe(before)
    const retried = await create('lost')
    expect([retried.status, isReplay(retried)]).toEqual([201, false])
    await expectMade(1)
  })

  test('for twenty changes in a row is forgotten with the first that arrives', { timeout: 30_000 }, async () => {
    commits(...Array<typeof neverArrives>(20).fill(neverArrives))
    for (let i = 0; i < 20; i++) await expectUnavailable(await create())
    expect((await create()).status).toBe(201)
    expect((await create()).status).toBe(201)
    await expectMade(2)
  })

  test('refuses the whole batch when a row that was read is gone by the time it is written', async () => {
    const id = await made(person, 'monitor.create', MONITOR)
    await settled()
    const gone = statement('DELETE FROM monitor WHERE id = ?', id)
    commits(async (send) => {
      await pastTheGates([gone])
      return send()
    })
    const answer = await ask('PATCH', `/v1/monitors/${id}`, { as: token, body: { name: 'Another' } })
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict'])
    expect(await rowsOf('outbox')).toEqual([])
    // The refusal is an entry; of the change itself nothing is left.
    const [made_, refusal] = (await soundLog(person.workspaceId)).slice(-2).map(({ leaf }) => leaf)
    expect([made_?.action, refusal?.action, refusal?.outcome]).toEqual(['monitor.create', 'monitor.update', 'conflict'])
    expect((await ask('PATCH', '/v1/workspace', { as: token, body: { name: 'On' } })).status).toBe(200)
    await soundLog(person.workspaceId)
  })
})

describe('an answer of the database that is lost after the commit', () => {
  test('is found by a retry under the same key', async () => {
    commits(answerIsLost)
    await expectUnavailable(await create('once'))
    await expectMade(1)
    const retried = await create('once')
    expect([retried.status, isReplay(retried)]).toEqual([201, true])
    expect(retried.body.id).toBe((await monitors())[0]?.id)
    await expectMade(1)
  })

  test('is taken up by the next change, which continues the sequence', async () => {
    commits(answerIsLost, answerIsLost)
    await expectUnavailable(await create())
    await expectUnavailable(await create())
    expect((await create()).status).toBe(201)
    await expectMade(3)
  })

  test('is taken up, and found, by an object that was started anew', async () => {
    commits(answerIsLost)
    await expectUnavailable(await create('once'))
    await evict()
    expect((await create()).status).toBe(201)
    await evict()
    const retried = await create('once')
    expect([retried.status, isReplay(retried)]).toEqual([201, true])
    await expectMade(2)
  })

  test('among batches that never arrived is taken up all the same', async () => {
    commits(neverArrives, neverArrives, answerIsLost, neverArrives)
    for (let i = 0; i < 4; i++) await expectUnavailable(await create())
    expect((await create()).status).toBe(201)
    await expectMade(2)
  })
})

describe('a batch that arrives late', () => {
  test('just before the next one: that one is refused whole, and the log goes on', async () => {
    let arrive: () => Promise<unknown> = async () => undefined
    commits(
      (send) => {
        arrive = send
        return neverArrives()
      },
      async (send) => {
        await arrive()
        return send()
      },
    )
    await expectUnavailable(await create('first'))
    await expectUnavailable(await create('second'))
    await expectMade(1)
    const [first, second] = [await create('first'), await create('second')]
    expect([first, second].map((answer) => [answer.status, isReplay(answer)])).toEqual([
      [201, true],
      [201, false],
    ])
    await expectMade(2)
  })

  test('after others have been committed: it is refused whole', async () => {
    let arrive: () => Promise<unknown> = async () => undefined
    commits((send) => {
      arrive = send
      return neverArrives()
    })
    await expectUnavailable(await create('late'))
    expect((await create()).status).toBe(201)
    await expect(arrive()).rejects.toThrow('audit entry is not the head')
    await expectMade(1)
    expect((await create('late')).status).toBe(201)
    await expectMade(2)
  })
})

describe('an object that is started anew', () => {
  test('between changes goes on where it was', async () => {
    for (let i = 0; i < 4; i++) {
      expect((await create()).status).toBe(201)
      await evict()
    }
    expect((await create()).status).toBe(201)
    await expectMade(5)
  })

  test('after a change that never arrived goes on where it was', async () => {
    commits(neverArrives)
    await expectUnavailable(await create('again'))
    await evict()
    const retried = await create('again')
    expect([retried.status, isReplay(retried)]).toEqual([201, false])
    await expectMade(1)
  })
})

test('of many changes at once, none is lost and none is made twice, whatever becomes of their batches', {
  timeout: 30_000,
}, async () => {
  commits(answerIsLost, neverArrives, answerIsLost, neverArrives)
  const wrong = { ...MONITOR, url: 'http://127.0.0.1/' }
  const all = () =>
    Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        i % 3 === 2 ? ask('POST', '/v1/monitors', { as: token, body: wrong }) : create(`parallel-${i}`),
      ),
    )
  const answers = await all()
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  const before = (await monitors()).length
  expect(before).toBeGreaterThan(0)
  let retried = await all()
  while (retried.some(({ status }) => status === 503)) retried = await all()
  const count = (status: number) => retried.filter((answer) => answer.status === status).length
  expect([count(201), count(422)]).toEqual([20, 10])
  expect(await monitors()).toHaveLength(20)
  const entriesOf = (await soundLog(person.workspaceId)).filter(({ leaf }) => leaf.action === 'monitor.create')
  expect(entriesOf.filter(({ leaf }) => leaf.outcome === 'ok')).toHaveLength(20)
})
