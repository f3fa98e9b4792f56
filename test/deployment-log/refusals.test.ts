import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { deploymentLog } from '../../workers/app/bindings.ts'
import { DeploymentLog } from '../../workers/app/deployment-log/deployment-log.ts'
import { UNCHECKED } from '../../workers/app/workspace/self-check.ts'
import { nightlyPass } from '../lib/audit.ts'
import { ask, newPerson, newWorkspaceId, workspaceOf } from '../lib/candor.ts'
import { nextSeq, pastTheGates, statement } from '../lib/database.ts'
import { deploymentHead, newDeployment, shadowLog, workspaceAlarm } from '../lib/deployment-log.ts'
import { until } from '../lib/monitoring.ts'
import { made } from '../lib/world.ts'

let said: string[]
beforeEach(async () => {
  await newDeployment()
  said = []
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

const loud = () => said.filter((line) => line.includes('deployment_log.refused')).map((line) => JSON.parse(line))
const add = (request: Parameters<ReturnType<typeof deploymentLog>['add']>[0]) => deploymentLog(env).add(request)

/** What an operator with everything in their hands could do to a workspace: its copy of the head says so as well. */
const setBack = (workspaceId: ReturnType<typeof newWorkspaceId>, to: object) =>
  runInDurableObject(workspaceOf(workspaceId), (_, { storage }) => {
    for (const [name, value] of Object.entries(to)) storage.kv.put(name, value)
  })

describe('a checkpoint is refused, and that is logged, when it', () => {
  test('is smaller than one that was taken of that workspace', async () => {
    const log = shadowLog()
    await log.grow(7)
    await log.give(0)
    expect(await log.give(7, 5)).toEqual({ taken: false, refused: 'rolled back' })
    expect(loud()).toEqual([
      { event: 'deployment_log.refused', workspaceId: log.workspaceId, reason: 'rolled back', size: 5 },
    ])
    expect((await deploymentHead()).size).toBe(1)
  })

  test('is of another history, as long or longer, with whatever proof', async () => {
    const log = shadowLog()
    const forged = shadowLog(log.workspaceId)
    await log.grow(6)
    await log.give(0)
    await forged.grow(9, 'forged')
    expect(await forged.give(6, 6)).toEqual({ taken: false, refused: 'forked' })
    expect(await forged.give(6, 9)).toEqual({ taken: false, refused: 'forked' })
    await log.grow(3)
    const checkpoint = await forged.checkpoint(9)
    for (const proof of [await log.proof(6, 9), [], await forged.proof(5, 9), [new Uint8Array(32)]])
      expect(await add({ workspaceId: log.workspaceId, old: 6, proof, checkpoint })).toMatchObject({ taken: false })
    expect(loud().every(({ reason }) => reason === 'forked')).toBe(true)
    expect((await deploymentHead()).size).toBe(1)
    const refused = async () => (await deploymentLog(env).standing(log.workspaceId)).refused
    expect(await refused()).toMatchObject({ reason: 'forked', size: 9 })
    expect((await log.give(6)).taken).toBe(true)
    expect(await refused()).toBeNull()
  })

  test('is not signed by Candor, or is of another log', async () => {
    const log = shadowLog()
    await log.grow(3)
    const checkpoint = await log.checkpoint()
    const refused = { taken: false, refused: 'not signed' }
    const broken = checkpoint.replace('\n3\n', '\n4\n')
    expect(await add({ workspaceId: log.workspaceId, old: 0, proof: [], checkpoint: broken })).toEqual(refused)
    expect(await add({ workspaceId: newWorkspaceId(), old: 0, proof: [], checkpoint })).toEqual(refused)
    for (const text of ['', 'x', `${checkpoint}\n`, checkpoint.slice(0, -9)])
      expect(await add({ workspaceId: log.workspaceId, old: 0, proof: [], checkpoint: text })).toEqual(refused)
    expect((await deploymentHead()).size).toBe(0)
  })
})

test('a proof from a wrong size is answered with the right one, and nothing is taken', async () => {
  const log = shadowLog()
  await log.grow(8)
  expect(await log.give(3)).toEqual({ taken: false, begin: 0 })
  await log.give(0)
  await log.grow(5)
  expect(await log.give(0)).toEqual({ taken: false, begin: 8 })
  expect(await log.give(8)).toEqual({ taken: true, seq: 1 })
  expect(loud()).toEqual([])
})

test('a workspace whose log and its copies were taken back is found at night, and its page says so', async () => {
  const person = await newPerson()
  const { workspaceId } = person
  await workspaceAlarm(workspaceId)
  const head = await until('the copy of the head is stored', () =>
    runInDurableObject(workspaceOf(workspaceId), (_, { storage }) => storage.kv.get<object>('head')),
  )
  await made(person, 'workspace.rename', { name: 'Grown' })
  await nightlyPass(workspaceId)
  expect((await deploymentHead()).size).toBe(2)
  // The last leaf of the workspace is gone from D1, and the object's copy of the head with it.
  const last = (await nextSeq(workspaceId)) - 1
  const cut = ['audit_body', 'audit_log'].map((table) =>
    statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= ?`, workspaceId, last),
  )
  await pastTheGates(cut)
  await setBack(workspaceId, { head, checked: UNCHECKED, handedOver: { size: 1, retryAt: null } })
  await evictDurableObject(workspaceOf(workspaceId))
  await nightlyPass(workspaceId)
  expect(loud()).toMatchObject([{ workspaceId, reason: 'rolled back', size: last }])
  const page = async () => (await ask('GET', '/audit-logs/verification', { as: person })).text
  expect(await page()).toContain('was refused')
  expect(await page()).toContain('rolled back')
  expect((await deploymentHead()).size).toBe(2)
})

describe('a crash', () => {
  test('after a checkpoint was taken and before the answer: the same again adds nothing', async () => {
    const log = shadowLog()
    await log.grow(4)
    const taken = await log.give(0)
    await evictDurableObject(deploymentLog(env))
    expect(await log.give(0)).toEqual(taken)
    expect(await log.give(4)).toEqual(taken)
    expect((await deploymentHead()).size).toBe(1)
  })

  test('of the workspace before it has noted the answer: the next night goes on from what was taken', async () => {
    const person = await newPerson()
    await workspaceAlarm(person.workspaceId)
    await runInDurableObject(workspaceOf(person.workspaceId), (_, { storage }) => storage.kv.delete('handedOver'))
    await evictDurableObject(workspaceOf(person.workspaceId))
    await workspaceAlarm(person.workspaceId)
    expect((await deploymentHead()).size).toBe(1)
    await runInDurableObject(workspaceOf(person.workspaceId), (_, { storage }) => storage.kv.delete('handedOver'))
    await made(person, 'workspace.rename', { name: 'Grown' })
    await nightlyPass(person.workspaceId)
    expect((await deploymentHead()).size).toBe(2)
    expect(loud()).toEqual([])
  })

  test('of the whole object loses nothing that was taken', async () => {
    const log = shadowLog()
    for (let size = 1; size <= 5; size++) {
      await log.grow(1)
      await log.give(size - 1)
      await evictDurableObject(deploymentLog(env))
      expect((await deploymentHead()).size).toBe(size)
    }
  })
})

describe('a deployment log that cannot be reached', () => {
  test('holds up no change, and gets the checkpoint when it is there again', async () => {
    const person = await newPerson()
    const gone = vi.spyOn(DeploymentLog.prototype, 'add').mockRejectedValue(new Error('gone'))
    await workspaceAlarm(person.workspaceId)
    expect(said.filter((line) => line.includes('deployment_log.waiting'))).toHaveLength(1)
    await made(person, 'workspace.rename', { name: 'Goes on' })
    gone.mockRestore()
    await workspaceAlarm(person.workspaceId)
    expect((await deploymentHead()).size).toBe(0)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 })
    try {
      await workspaceAlarm(person.workspaceId)
    } finally {
      vi.useRealTimers()
    }
    expect((await deploymentHead()).size).toBe(1)
  })
})

test('the storage of the log itself refuses what is no append', async () => {
  const log = shadowLog()
  await log.grow(2)
  await log.give(0)
  const put = (verb: string, seq: number, size: number) =>
    `${verb} INTO leaf VALUES (${seq}, '${log.workspaceId}', ${size}, 'x', randomblob(32), randomblob(32), 1)`
  const refusals = await runInDurableObject(deploymentLog(env), (_, { storage }) =>
    [
      "UPDATE leaf SET note = 'x'",
      'DELETE FROM leaf',
      put('INSERT', 2, 9),
      put('INSERT', 1, 2),
      put('INSERT', 1, 1),
      put('INSERT OR REPLACE', 0, 9),
    ].map((query) => {
      try {
        storage.sql.exec(query)
        return null
      } catch (error) {
        return String(error)
      }
    }),
  )
  for (const refusal of refusals) expect(refusal).toMatch(/deployment log/)
  expect(refusals).toHaveLength(6)
})
