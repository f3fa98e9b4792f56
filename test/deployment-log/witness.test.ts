import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { deploymentLog } from '../../workers/app/bindings.ts'
import { get } from '../lib/audit.ts'
import { ask, newPerson } from '../lib/candor.ts'
import {
  configure,
  deploymentCheckpoint,
  deploymentHead,
  deploymentKey,
  newDeployment,
  shadowLog,
  WITNESS_URL,
  witnessAlarm,
  witnessed,
  workspaceAlarm,
} from '../lib/deployment-log.ts'

let said: string[]
beforeEach(async () => {
  await newDeployment()
  said = []
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

/** Another checkpoint of a workspace of its own. */
async function append(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    const log = shadowLog()
    await log.grow(1)
    expect((await log.give(0)).taken).toBe(true)
  }
}
const alarmAt = () => runInDurableObject(deploymentLog(env), (_, { storage }) => storage.getAlarm())
const isCosigned = async () => (await deploymentCheckpoint()).includes('witness.test/w1')

describe('without a witness', () => {
  test('nobody is asked, and every head is public at once', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch')
    await append(2)
    expect([await alarmAt(), await witnessAlarm(), fetched.mock.calls]).toEqual([null, false, []])
    expect((await deploymentHead()).size).toBe(2)
  })
})

describe('a witness', () => {
  test('follows the log over many sizes, and its line is served under each head that it has signed', async () => {
    const { witness, asked } = await witnessed()
    let size = 0
    for (const count of [1, 1, 2, 3, 1, 7, 16, 1, 33]) {
      await append(count)
      size += count
      expect(await witnessAlarm()).toBe(true)
      const { head, time } = await witness.verify(await deploymentCheckpoint(), await deploymentKey())
      expect(head).toEqual(witness.head())
      expect(head.size).toBe(size)
      expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(60)
    }
    expect(new Set(asked)).toEqual(new Set([`POST ${WITNESS_URL}/add-checkpoint`]))
    expect(asked).toHaveLength(9)
    expect(witness.seen[0]).toMatch(/^old 0\n\nlocalhost:8787\/audit\/deployment\n1\n/)
    expect(await alarmAt()).toBeNull()
    expect(said).toEqual([])
  })

  test('is asked a few seconds after an append, once for all that came meanwhile, and holds none up', async () => {
    const { asked } = await witnessed()
    await append(3)
    expect(((await alarmAt()) ?? 0) - Date.now()).toBeGreaterThan(2000)
    expect(((await alarmAt()) ?? 0) - Date.now()).toBeLessThanOrEqual(5000)
    expect(asked).toEqual([])
    await witnessAlarm()
    expect(asked).toHaveLength(1)
  })

  test('that is at another size is asked again from there, whatever we believed', async () => {
    const { witness, asked } = await witnessed()
    await append(4)
    await witnessAlarm()
    const four = witness.head()
    await append(3)
    await witnessAlarm()
    // The answer of the last time did not reach the witness's disk; and then: it has seen what we have not noted.
    witness.remember(four)
    await append(2)
    await witnessAlarm()
    expect([witness.head()?.size, await isCosigned()]).toEqual([9, true])
    witness.remember(null)
    await append(1)
    await witnessAlarm()
    expect([witness.head()?.size, await isCosigned(), asked.length]).toEqual([10, true, 6])
  })

  test('whose answer was lost is asked from what it has, and the log goes on after a restart', async () => {
    let lose = true
    const { witness } = await witnessed(async (request, own) => {
      const answer = await own.answer(request)
      if (lose) throw new TypeError('Network connection lost.')
      return answer
    })
    await append(5)
    await witnessAlarm()
    expect([witness.head()?.size, await isCosigned()]).toEqual([5, false])
    lose = false
    await evictDurableObject(deploymentLog(env))
    await configure({ WITNESS_URL, WITNESS_VKEY: witness.vkey })
    await witnessAlarm()
    expect(await isCosigned()).toBe(true)
    await append(1)
    await witnessAlarm()
    expect((await witness.verify(await deploymentCheckpoint(), await deploymentKey())).head.size).toBe(6)
  })

  test('that has signed a larger log than there is has found a rollback, and that is logged', async () => {
    const { witness } = await witnessed()
    await append(2)
    witness.remember({ ...(await deploymentHead()), size: 9 })
    await witnessAlarm()
    expect(said.map((line) => JSON.parse(line))).toMatchObject([{ event: 'deployment_log.inconsistent', size: 2 }])
    expect(await isCosigned()).toBe(false)
  })

  test('that says the log is no continuation has found a fork, and that is logged', async () => {
    const { witness } = await witnessed()
    await append(3)
    witness.remember({ origin: '', size: 2, root: new Uint8Array(32) })
    await witnessAlarm()
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'deployment_log.inconsistent', why: 'it answered 422' },
    ])
  })

  test('of another key begins anew, and the lines of the former are not taken for its own', async () => {
    await witnessed()
    await append(3)
    await witnessAlarm()
    vi.mocked(globalThis.fetch).mockRestore()
    const { witness } = await witnessed()
    await append(1)
    await witnessAlarm()
    expect((await witness.verify(await deploymentCheckpoint(), await deploymentKey())).head.size).toBe(4)
  })
})

describe('the public head', () => {
  test('waits an hour for the witness, then goes on without it, and never gets smaller', async () => {
    let up = true
    const { witness } = await witnessed((request, own) =>
      up ? own.answer(request) : new Response(null, { status: 503 }),
    )
    await append(2)
    expect((await deploymentHead()).size).toBe(0)
    await witnessAlarm()
    up = false
    await append(1)
    await witnessAlarm()
    expect(await isCosigned()).toBe(true)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_700_000 })
    try {
      expect((await deploymentHead()).size).toBe(3)
    } finally {
      vi.useRealTimers()
    }
    expect([(await deploymentHead()).size, await isCosigned()]).toEqual([3, false])
    up = true
    await witnessAlarm()
    expect((await witness.verify(await deploymentCheckpoint(), await deploymentKey())).head.size).toBe(3)
  })
})

test('a receipt carries the witness’s line once it has seen the checkpoint, and the page says when', async () => {
  const { witness } = await witnessed()
  const person = await newPerson()
  const page = async () => (await ask('GET', '/audit-logs/verification', { as: person })).text
  await workspaceAlarm(person.workspaceId)
  expect(await page()).toContain('The witness has not signed it yet.')
  await witnessAlarm()
  await append(2)
  const { text } = await get(person, '/v1/audit/deployment/proof')
  const { head } = await witness.verify(text.slice(text.indexOf('\n\n') + 2), await deploymentKey())
  expect(head.size).toBe(1)
  expect(await page()).toMatch(/The witness\s+<code>witness\.test\/w1<\/code> has signed/)
})
