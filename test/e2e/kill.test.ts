import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAlive, processesAt } from '../../scripts/lib/processes.ts'
import { freePort } from '../node/free-port.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from './harness.ts'

const ROUNDS = 15
const WRITERS = 6
/** Of the writers, those that rename the same few monitors; the others create. */
const RENAMERS = 2
const RENAMED = 3
/** All in all fewer than the 500 monitors of a workspace. */
const WRITES_A_WRITER = 5
/** The kill comes while every writer still has something to write. */
const MOST_ANSWERS_BEFORE_THE_KILL = WRITERS * (WRITES_A_WRITER - 1) - 1
const MONITOR = { name: 'Shop', kind: 'http', url: 'https://shop.example', active: false }

interface Sent {
  key: string
  /** The monitor that is renamed; null where one is made. */
  target: string | null
  /** Of the monitor, when the change was acknowledged. */
  id: string | null
}

describe('a machine on which Candor is killed fifteen times while six clients write', () => {
  const stateDir = newStateDir()
  let ports: { port: number; idpPort: number }
  let candor: Candor
  let token = ''
  const sent: Sent[] = []
  /** Monitors that are renamed again and again. */
  const renamed: string[] = []
  /** Every answer that was not a success. */
  const refused: string[] = []

  beforeAll(async () => {
    ports = { port: await freePort(), idpPort: await freePort() }
    candor = await startCandor({ stateDir, ...ports })
    const browser = makeBrowser(candor.url)
    await browser.signIn('github', 'ada')
    const { body } = await browser.ask('POST', '/v1/api-keys', { name: 'writers', scope: 'write' })
    token = body.token
    for (let i = 0; i < RENAMED; i++) renamed.push((await ask('POST', '/v1/monitors', MONITOR)).body.id)
  })
  afterAll(async () => {
    await candor?.stop()
    removeStateDir(stateDir)
  })

  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    makeBrowser(candor.url).ask(method, path, body, { authorization: `Bearer ${token}`, ...headers })

  const send = ({ key, target }: Sent) =>
    target === null
      ? ask('POST', '/v1/monitors', MONITOR, { 'idempotency-key': key })
      : ask('PATCH', `/v1/monitors/${target}`, { name: key }, { 'idempotency-key': key })
  const success = ({ target }: Sent) => (target === null ? 201 : 200)

  /** Writes until it has written enough, or the connection is gone. */
  async function writer(name: string, renames: boolean, onAnswer: () => void): Promise<void> {
    for (let i = 0; i < WRITES_A_WRITER; i++) {
      const target = renames ? (renamed[randomInt(RENAMED)] ?? null) : null
      const it: Sent = { key: `${name}-${i}`, target, id: null }
      sent.push(it)
      const answer = await send(it).catch(() => null)
      if (answer === null) return
      if (answer.status === success(it)) it.id = answer.body.id
      else refused.push(answer.text)
      onAnswer()
    }
  }

  function kill(runtimeFirst: boolean): Promise<unknown> {
    if (runtimeFirst)
      for (const pid of processesAt(join(stateDir, 'workerd-')).filter(isAlive)) process.kill(pid, 'SIGKILL')
    return candor.stop('SIGKILL')
  }

  /** One round: the kill comes after a random number of answers, with the other writers' requests on their way. */
  async function writeUntilKilled(round: number): Promise<void> {
    let left = randomInt(MOST_ANSWERS_BEFORE_THE_KILL + 1)
    let killed: Promise<unknown> | undefined
    const onAnswer = () => {
      if (left-- === 0) killed = kill(round % 3 === 2)
    }
    const names = Array.from({ length: WRITERS }, (_, i) => `round-${round}-writer-${i}`)
    await Promise.all(names.map((name, i) => writer(name, i < RENAMERS, onAnswer)))
    expect(killed).toBeDefined()
    await killed
  }

  /** All of a collection, page by page. */
  async function every<T>(path: string): Promise<T[]> {
    const all: T[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { status, body } = await ask('GET', `${path}limit=100${cursor && `&cursor=${cursor}`}`)
      expect(status).toBe(200)
      all.push(...body.data)
      cursor = body.nextCursor
    }
    return all
  }

  test('starts again each time, with requests lost on the way each time', { timeout: 400_000 }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await writeUntilKilled(round)
      candor = await startCandor({ stateDir, ...ports })
    }
    const acknowledged = sent.filter(({ id }) => id !== null)
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(sent.length - acknowledged.length).toBeGreaterThanOrEqual(ROUNDS)
  })

  test('has every change that was acknowledged, and knows it again by its key', { timeout: 120_000 }, async () => {
    for (const it of sent.filter(({ id }) => id !== null)) {
      const { key, id } = it
      const found = await ask('GET', `/v1/monitors/${id}`)
      expect([key, found.status, found.body.id]).toEqual([key, 200, id])
      const replayed = await send(it)
      expect([key, replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([key, success(it), 'true'])
      expect(replayed.body.id).toBe(id)
    }
  })

  test('makes up for every change that was not, once', { timeout: 120_000 }, async () => {
    for (const it of sent.filter(({ id }) => id === null)) {
      const [first, second] = [await send(it), await send(it)]
      expect([it.key, first.status, second.status]).toEqual([it.key, success(it), success(it)])
      expect([second.headers.get('idempotency-replayed'), second.body.id]).toEqual(['true', first.body.id])
      it.id = first.body.id
    }
    const created = sent.filter(({ target }) => target === null)
    expect(new Set(created.map(({ id }) => id)).size).toBe(created.length)
  })

  test('has one entry for each monitor, without a gap, and was never taken for tampered with', async () => {
    const monitors = await every<{ id: string }>('/v1/monitors?')
    const entries = await every<{ seq: number; action: string; entity: { id: string } }>('/v1/audit-logs?')
    const created = await every<{ entity: { id: string } }>('/v1/audit-logs?action=monitor.create&')
    const ids = [...renamed, ...sent.filter(({ target }) => target === null).map(({ id }) => id)].toSorted()
    expect(monitors.map(({ id }) => id).toSorted()).toEqual(ids)
    expect(created.map(({ entity }) => entity.id).toSorted()).toEqual(ids)
    expect(entries.map(({ seq }) => seq).toReversed()).toEqual(entries.map((_, i) => i))
    const renames = sent.filter(({ target }) => target !== null).length
    const others = ['workspace.create', 'api_key.create', 'audit_log.read'].length
    expect(entries.length).toBe(created.length + renames + others)
    expect(entries.filter(({ action }) => action === 'monitor.update')).toHaveLength(renames)
    expect(refused.filter((text) => !text.includes('"unavailable"'))).toEqual([])
    // The log is there from its first line on: in a quiet run there is none.
    const log = join(stateDir, 'candor.log')
    expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain('tampered')
  })

  test('has each name once, each rename begins with the name that the one before it has left, and the last one stands', async () => {
    const names = new Map(renamed.map((id) => [id, [] as string[]]))
    const updates = await every<{ seq: number; entity: { id: string } }>('/v1/audit-logs?action=monitor.update&')
    for (const { seq, entity } of updates.toReversed()) {
      const { body } = await ask('GET', `/v1/audit-logs/${seq}`)
      const before = names.get(entity.id)?.at(-1) ?? MONITOR.name
      expect([seq, body.before.name]).toEqual([seq, before])
      names.get(entity.id)?.push(body.after.name)
    }
    const keys = sent.filter(({ target }) => target !== null).map(({ key }) => key)
    expect([...names.values()].flat().toSorted()).toEqual(keys.toSorted())
    for (const [id, left] of names) expect((await ask('GET', `/v1/monitors/${id}`)).body.name).toBe(left.at(-1))
  })
})
