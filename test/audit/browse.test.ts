import fc from 'fast-check'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type AuditEntryView, PARTS } from '../../shared/contracts/audit.ts'
import { get, growLog } from '../lib/audit.ts'
import { ask, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { nextSeq, pastTheGates, statement } from '../lib/database.ts'
import { hex, naiveLeafHash } from '../lib/rfc6962.ts'
import { type Asked, fits, leavesOf, singleFilters, type VariedLog, variedLog } from '../lib/varied-log.ts'

let log: VariedLog
let logId: Person['workspaceId']
let reader: string
beforeAll(async () => {
  log = await variedLog()
  logId = log.person.workspaceId
  reader = (await newApiKey(log.person, 'read')).token
  // Reading is noted; once it has been, the log stands still for this hour.
  await list(reader, {})
})

const list = (as: Person | string, query: Record<string, string>) =>
  ask('GET', `/v1/audit-logs?${new URLSearchParams(query)}`, { as })

/** All pages of a filter, one after the other. */
async function allPages(as: Person | string, asked: Asked, limit: number): Promise<AuditEntryView[][]> {
  const pages: AuditEntryView[][] = []
  let cursor: string | null = null
  do {
    const { status, body } = await list(as, { ...asked, limit: String(limit), ...(cursor && { cursor }) })
    expect([asked, status]).toEqual([asked, 200])
    pages.push(body.data)
    cursor = body.nextCursor
  } while (cursor)
  return pages
}

/** Every entry that was asked for is on a page, once, newest first; and nothing else is. */
async function expectExactly(asked: Asked, limit = 100): Promise<void> {
  const pages = await allPages(reader, asked, limit)
  const wanted = (await leavesOf(logId)).filter(({ leaf }) => fits(asked, leaf)).map(({ leaf }) => leaf.seq)
  expect([asked, pages.flat().map(({ seq }) => seq)]).toEqual([asked, wanted.toReversed()])
  for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit)
}

describe('the entries of a log', () => {
  test('are found by every filter alone', async () => {
    for (const asked of singleFilters(log)) await expectExactly(asked)
  })

  test('are found by filters together, on pages of any length, every one exactly once and in order', async () => {
    const one = (values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })
    const { actor, surface, action, entity, outcome, from, to } = log.pool
    const some = fc.record({
      actor: one(actor),
      surface: one(surface),
      action: one(action),
      entity: one(entity),
      outcome: one(outcome),
      from: one(from),
      to: one(to),
    })
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 12 }), (asked, limit) =>
        expectExactly(JSON.parse(JSON.stringify(asked)), limit),
      ),
      { numRuns: 60 },
    )
  })

  test('are found by who did it when that person is a member no more, and the page still offers them', async () => {
    const { body } = await list(reader, { actor: log.formerId })
    expect(body.data.length).toBeGreaterThan(0)
    for (const entry of body.data) expect([entry.user, entry.actorName]).toEqual([log.formerId, 'Grace Hopper'])
    const { text } = await ask('GET', '/audit-logs', { as: log.person })
    expect(text).toContain(`value="${log.formerId}"`)
  })

  test('are found by each part of Candor that acts by itself: the page offers them all', async () => {
    const { text } = await ask('GET', '/audit-logs', { as: log.person })
    const menu = /<select id="f-actor".*?<\/select>/s.exec(text)?.[0] ?? ''
    const offered = [...menu.matchAll(/value="([^"]+)"[^>]*>Candor: /g)].map(([, id]) => id)
    const acting = [
      'account',
      'auto_pause',
      'ending',
      'expiry',
      'monitoring',
      'operator',
      'reminders',
      'retention',
      'rotation',
    ]
    expect(offered).toEqual([...acting, 'secret_scanning'])
    expect(offered).toEqual([...PARTS])
    const found = (await leavesOf(logId)).flatMap(({ leaf }) => (leaf.actor.type === 'system' ? [leaf.actor.id] : []))
    expect(found.length).toBeGreaterThan(0)
    expect(offered).toEqual(expect.arrayContaining(found))
  })

  test('are found by the person behind a key as well as by the key', async () => {
    const { body } = await list(reader, { actor: log.key.id })
    expect(body.data.length).toBeGreaterThan(0)
    for (const { actor, user } of body.data) expect([actor.id, user]).toEqual([log.key.id, log.person.userId])
  })

  test('are found from a moment on, that moment included, and up to one, that one excluded', async () => {
    const [, { leaf } = expect.unreachable()] = await leavesOf(logId)
    const at = (ms: number) => new Date(leaf.at + ms).toISOString()
    const seqs = async (query: Record<string, string>) =>
      (await list(reader, { ...query, limit: '100' })).body.data.map(({ seq }: AuditEntryView) => seq)
    expect(await seqs({ from: at(0) })).toContain(leaf.seq)
    expect(await seqs({ from: at(1) })).not.toContain(leaf.seq)
    expect(await seqs({ to: at(0) })).not.toContain(leaf.seq)
    expect(await seqs({ to: at(1) })).toContain(leaf.seq)
    const day = at(0).slice(0, 10)
    expect(await seqs({ from: day, to: day })).toContain(leaf.seq)
    const offset = new Date(leaf.at + 2 * 3_600_000).toISOString().replace('Z', '+02:00')
    expect(await seqs({ from: offset, to: at(1) })).toEqual(await seqs({ from: at(0), to: at(1) }))
  })

  test('are not found by a filter that is none: the answer names the field', async () => {
    for (const query of [
      { surface: 'fax' },
      { outcome: 'good' },
      { from: 'yesterday' },
      { from: '2026-13-01' },
      { from: '2026-11-25T20:14:00' },
      { to: '25.11.2026' },
      { to: '1764000000000' },
      { action: 'a'.repeat(65) },
      { actor: 'a'.repeat(65) },
      { entity: 'a'.repeat(65) },
      { limit: '0' },
      { limit: '101' },
      { limit: 'many' },
      { colour: 'red' },
    ] as Record<string, string>[]) {
      const { status, body } = await list(reader, query)
      expect([query, status, body.code]).toEqual([query, 422, 'invalid'])
    }
    expect((await list(reader, { cursor: 'none-of-ours' })).status).toBe(400)
  })
})

describe('one entry', () => {
  test('is shown as it is signed, with its hash', async () => {
    for (const { leaf, text } of await leavesOf(logId)) {
      const { status, body } = await ask('GET', `/v1/audit-logs/${leaf.seq}`, { as: reader })
      const { seq, action, actor, user, surface, auth, entity, before, after, outcome, requestId } = leaf
      expect(status).toBe(200)
      expect(body).toMatchObject({ seq, action, actor, user, surface, auth, entity, before, after, outcome, requestId })
      expect(body.at).toBe(new Date(leaf.at).toISOString())
      expect(body.leafHash).toBe(hex(await naiveLeafHash(new TextEncoder().encode(text))))
      expect(body.changes).toEqual(
        leaf.changed.map((field) => ({ field, before: before?.[field] ?? null, after: after?.[field] ?? null })),
      )
    }
  })

  test('that there is not is not found, and what is no number is refused', async () => {
    const size = await nextSeq(logId)
    for (const [seq, status] of [
      [size, 404],
      [9_000_000_000, 404],
      ['-1', 422],
      ['1.5', 422],
      ['first', 422],
    ] as const)
      expect([seq, (await ask('GET', `/v1/audit-logs/${seq}`, { as: reader })).status]).toEqual([seq, status])
  })
})

describe('reading the log is an entry of it', () => {
  const HOUR = 3_600_000
  const START = Math.floor(Date.now() / HOUR) * HOUR + 10 * 60_000
  const readings = async (workspaceId: Person['workspaceId']) =>
    (await leavesOf(workspaceId)).filter(({ leaf }) => leaf.action === 'audit_log.read').map(({ leaf }) => leaf.actor)

  test('once an hour for each reader, whatever they read', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START })
    try {
      const person = await newPerson()
      const [one, two] = [await newApiKey(person, 'read'), await newApiKey(person, 'read')]
      const readAll = async () => {
        for (const as of [person, one.token, two.token])
          for (const path of ['/v1/audit-logs', '/v1/audit-logs/0', '/v1/audit/tile/entries/000.p/1'])
            expect((await get(as, path)).status).toBe(200)
        expect((await ask('GET', '/audit-logs', { as: person })).status).toBe(200)
      }
      const readers = [
        { type: 'user', id: person.userId },
        { type: 'api_key', id: one.id },
        { type: 'api_key', id: two.id },
      ]
      await readAll()
      vi.setSystemTime(START + 49 * 60_000)
      await readAll()
      expect(await readings(person.workspaceId)).toEqual(readers)
      vi.setSystemTime(START + 50 * 60_000)
      await readAll()
      expect(await readings(person.workspaceId)).toEqual([...readers, ...readers])
    } finally {
      vi.useRealTimers()
    }
  })

  test('but asking for a proof is none: nothing of what happened is in it', async () => {
    const person = await newPerson()
    for (const path of ['checkpoint', 'proof/0', 'consistency?from=0&to=1', 'tile/0/000.p/1', 'keys'])
      expect((await ask('GET', `/v1/audit/${path}`, { as: person })).status).toBe(200)
    expect(await readings(person.workspaceId)).toEqual([])
  })
})

test('a log that was tampered with takes no entry any more, and is read all the same', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const person = await newPerson()
  await growLog(person.workspaceId, 5)
  const cut = (table: string) => statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= 4`, person.workspaceId)
  await pastTheGates([cut('audit_body'), cut('audit_log')])
  const { status, body } = await list(person, {})
  expect([status, body.data.map(({ seq }: AuditEntryView) => seq)]).toEqual([200, [3, 2, 1, 0]])
  for (const path of ['/v1/audit-logs/2', '/v1/audit/tile/entries/000.p/4', '/audit-logs'])
    expect([path, (await get(person, path)).status]).toEqual([path, 200])
  expect(await nextSeq(person.workspaceId)).toBe(4)
})
