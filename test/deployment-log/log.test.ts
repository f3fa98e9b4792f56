import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { deploymentLog } from '../../workers/app/bindings.ts'
import { checkpointOf, get, nightlyPass, setPlan, vkeyOf } from '../lib/audit.ts'
import { ask, newApiKey, newPerson } from '../lib/candor.ts'
import { nextSeq } from '../lib/database.ts'
import {
  askPublic,
  deploymentCheckpoint,
  deploymentHead,
  deploymentKey,
  leafHashes,
  newDeployment,
  PREFIX,
  shadowLog,
  workspaceAlarm,
} from '../lib/deployment-log.ts'
import { hex, naiveLeafHash, naiveTree } from '../lib/rfc6962.ts'
import { checkpointHead, checkReceipt } from '../lib/second-verifier.ts'
import { made } from '../lib/world.ts'

beforeEach(newDeployment)

const RECEIPT = '/v1/audit/deployment/proof'

/** The leaf that a receipt brings along, and the receipt as one without it. */
function leafOf(receipt: string): { leaf: string; bare: string } {
  const [, extra = ''] = /^extra (.+)$/m.exec(receipt) ?? []
  const bytes = Uint8Array.from(atob(extra), (character) => character.charCodeAt(0))
  return { leaf: new TextDecoder().decode(bytes), bare: receipt.replace(/^extra .+\n/m, '') }
}

describe('the deployment log', () => {
  test('takes the checkpoint of a workspace soon after its log was begun, and each night when it has grown', async () => {
    const person = await newPerson()
    expect((await deploymentHead()).size).toBe(0)
    await workspaceAlarm(person.workspaceId)
    expect((await deploymentHead()).size).toBe(1)
    await nightlyPass(person.workspaceId)
    expect((await deploymentHead()).size).toBe(1)
    await made(person, 'workspace.rename', { name: 'Grown' })
    await workspaceAlarm(person.workspaceId)
    expect((await deploymentHead()).size).toBe(1)
    await nightlyPass(person.workspaceId)
    expect((await deploymentHead()).size).toBe(2)
  })

  test('has the exact bytes of the signed checkpoint as its leaf', async () => {
    const person = await newPerson()
    await workspaceAlarm(person.workspaceId)
    const leaf = await checkpointOf(person)
    expect((await leafHashes(1)).map(hex)).toEqual([hex(await naiveLeafHash(new TextEncoder().encode(leaf)))])
  })

  test('only grows, however the workspaces take turns: every head is one of the same tree', {
    timeout: 30_000,
  }, async () => {
    const logs = Array.from({ length: 5 }, () => ({ log: shadowLog(), size: 0 }))
    const heads = [await deploymentHead()]
    for (let i = 0; i < 300; i++) {
      const one = logs[(i * 7 + Math.floor(i / 11)) % logs.length]
      if (!one) continue
      await one.log.grow(1 + (i % 4))
      const old = one.size
      one.size += 1 + (i % 4)
      expect(await one.log.give(old)).toEqual({ taken: true, seq: i })
      if (i < 40 || i % 13 === 0 || i > 250) heads.push(await deploymentHead())
    }
    const { size } = await deploymentHead()
    const tree = naiveTree(await leafHashes(size))
    expect(size).toBe(300)
    for (const head of heads) expect([head.size, hex(head.root)]).toEqual([head.size, hex(await tree.root(head.size))])
    const upper = new Uint8Array(await (await askPublic('/tile/1/000.p/1')).arrayBuffer())
    expect(hex(upper)).toBe(hex(await tree.root(256)))
  })

  test('takes checkpoints that come at the same time one after the other', async () => {
    const logs = Array.from({ length: 12 }, () => shadowLog())
    for (const log of logs) await log.grow(3)
    const answers = await Promise.all(logs.map((log) => log.give(0)))
    expect(answers.map((answer) => answer.taken && answer.seq).toSorted()).toEqual(logs.map((_, i) => i).toSorted())
    const head = await deploymentHead()
    expect(hex(head.root)).toBe(hex(await naiveTree(await leafHashes(12)).root()))
  })
})

describe('what is public of it', () => {
  test('is read without a credential, under the address that its origin names, and can be kept', async () => {
    const log = shadowLog()
    await log.grow(1)
    await log.give(0)
    const checkpoint = await askPublic('/checkpoint')
    expect((await checkpoint.text()).split('\n').slice(0, 2)).toEqual([`localhost:8787${PREFIX}`, '1'])
    expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(checkpoint.headers.get('cache-control')).toBe('public, max-age=5')
    const tile = await askPublic('/tile/0/000.p/1')
    expect(tile.headers.get('content-type')).toBe('application/octet-stream')
    expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('is no tile beyond its end, none at a place that is none, and never a leaf', async () => {
    const log = shadowLog()
    await log.grow(1)
    await log.give(0)
    const statuses = async (...paths: string[]) =>
      Promise.all(paths.map(async (path) => (await askPublic(path)).status))
    expect(await statuses('/tile/0/000', '/tile/0/000.p/2', '/tile/0/001', '/tile/1/000.p/1')).toEqual(
      Array(4).fill(404),
    )
    expect(await statuses('/tile/0/0', '/tile/6/000', '/tile/0/000.p/0', '/tile/0/000.p/257')).toEqual(
      Array(4).fill(422),
    )
    expect(await statuses('/tile/entries/000', '/tile/entries/000.p/1', '/entries')).toEqual(Array(3).fill(404))
    const all = [await deploymentCheckpoint(), await (await askPublic('/tile/0/000.p/1')).text()].join()
    expect(all).not.toContain(log.workspaceId)
  })
})

describe('a receipt of it', () => {
  test('shows the members of a workspace that their own checkpoint is in it, on any plan and by a key', async () => {
    const person = await newPerson()
    const other = await newPerson()
    for (const { workspaceId } of [other, person]) await workspaceAlarm(workspaceId)
    await setPlan(person, 'free')
    const key = await newApiKey(person, 'read')
    const { text, headers } = await get(person, RECEIPT)
    expect((await get(key.token, RECEIPT)).text).toBe(text)
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      expect.stringMatching(/^text\/plain/),
      'no-store',
    ])
    const { leaf, bare } = leafOf(text)
    const own = await checkpointHead(leaf, await vkeyOf(person))
    expect([own.origin, own.size <= (await nextSeq(person.workspaceId))]).toEqual([
      `localhost:8787/audit/${person.workspaceId}`,
      true,
    ])
    const { index, head } = await checkReceipt(bare, leaf, await deploymentKey())
    expect([index, head]).toEqual([1, await deploymentHead()])
    await expect(checkReceipt(bare, `${leaf} `, await deploymentKey())).rejects.toThrow()
  })

  test('holds for every workspace and every size of the log', async () => {
    const logs = Array.from({ length: 9 }, () => shadowLog())
    for (const log of logs) {
      await log.grow(2)
      await log.give(0)
      for (const [index, { workspaceId }] of logs.entries()) {
        const receipt = await deploymentLog(env).receipt(workspaceId)
        if (receipt === null) continue
        const { leaf, bare } = leafOf(receipt)
        expect((await checkReceipt(bare, leaf, await deploymentKey())).index).toBe(index)
      }
    }
  })

  test('is not there before a checkpoint was taken, nor for somebody without a credential', async () => {
    const person = await newPerson()
    expect((await get(person, RECEIPT)).status).toBe(404)
    expect((await ask('GET', RECEIPT)).status).toBe(401)
  })
})

test('the page that explains the log says whether its checkpoint is there', async () => {
  const person = await newPerson()
  const page = async () => (await ask('GET', '/audit-logs/verification', { as: person })).text
  expect(await page()).toContain('No checkpoint of this log is there yet')
  await workspaceAlarm(person.workspaceId)
  expect(await page()).toMatch(/The checkpoint of \d+ entr[^.]* is entry #0 of the\s+log/)
  expect(await page()).toContain('No witness follows that log')
})
