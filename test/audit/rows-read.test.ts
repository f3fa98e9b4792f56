import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntryView } from '../../shared/contracts/audit.ts'
import { newId } from '../../shared/ids.ts'
import { database } from '../../workers/app/db/client.ts'
import { encodeCursor } from '../../workers/app/services/cursor.ts'
import { QUERIES } from '../../workers/app/services/queries.ts'
import { get, growLog, setPlan } from '../lib/audit.ts'
import { newPerson, type Person } from '../lib/candor.ts'
import { type Ran, watchedDatabase } from '../lib/d1.ts'
import { nextSeq, statement } from '../lib/database.ts'

const START = Date.now() - 86_400_000
/** Every this many entries, one is rare. */
const RARE = 701
/** The one row that such a statement reads on a free plan: the workspace, for its plan. */
const OWN_ROW = 1
const MONITOR_ID = newId('monitor')
const INCIDENT_ID = newId('incident')
/** A thing that most entries are about. */
const BUSY_ID = newId('monitor')

const grown = async (count: number): Promise<Person> => {
  const person = await newPerson()
  await growLog(person.workspaceId, count - (await nextSeq(person.workspaceId)), (seq) => ({
    at: START + seq,
    entity: { type: 'monitor', id: BUSY_ID },
    ...(seq % RARE === 1 && { entity: { type: 'incident', id: INCIDENT_ID } }),
    ...(seq % RARE === 0 && { action: 'test.rare', entity: { type: 'test', id: MONITOR_ID }, outcome: 'forbidden' }),
  }))
  // From now on nothing is noted any more for this hour.
  await get(person, '/v1/audit-logs')
  return person
}

let small: Person
let large: Person
beforeAll(async () => {
  small = await grown(3000)
  large = await grown(12_000)
})

const readsEntries = ({ sql }: Ran) => sql.includes('"audit_body"."leaf"')

/** Rows that D1 read for a page, all its statements together. */
async function rowsRead(person: Person, query: Record<string, string>): Promise<number> {
  const watched = watchedDatabase()
  const { status } = await get(person, `/v1/audit-logs?${new URLSearchParams(query)}`, watched.env)
  expect(status).toBe(200)
  expect(watched.ran.filter(readsEntries)).toHaveLength(1)
  const counts = watched.ran.map(({ rowsRead }) => rowsRead)
  expect(counts).not.toContain(null)
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
}

describe('a page of a log of three thousand entries costs what one of twelve thousand does', () => {
  const deep = encodeCursor([2500])
  test.each([
    ['the newest entries', {}],
    ['entries deep inside', { cursor: deep }],
    ['a rare action', { action: 'test.rare' }],
    ['a rare action, deep inside', { action: 'test.rare', cursor: deep }],
    ['what never was', { action: 'monitor.fly' }],
    ['what was refused', { outcome: 'refused' }],
    ['nobody', { actor: 'nobody', surface: 'slack' }],
    ['one thing that there is not', { entity: 'mon_none' }],
    ['much that is about one thing', { entity: BUSY_ID }],
    ['the same, deep inside', { entity: BUSY_ID, cursor: deep }],
    ['something rare about such a thing', { entity: BUSY_ID, action: 'test.rare' }],
    ['what never was, about such a thing', { entity: BUSY_ID, actor: 'nobody', cursor: deep }],
  ] as [string, Record<string, string>][])('%s', async (_, query) => {
    const [of3000, of12000] = [await rowsRead(small, query), await rowsRead(large, query)]
    expect(of12000).toBe(of3000)
  })

  test('from and to a moment: but for the steps that find the place by halving', async () => {
    const query = { from: new Date(START + 1000).toISOString(), to: new Date(START + 1500).toISOString() }
    const [of3000, of12000] = [await rowsRead(small, query), await rowsRead(large, query)]
    // Four times the entries are two steps more, for each of the places where a statement looks for a moment.
    expect(of12000 - of3000).toBeLessThanOrEqual(100)
    expect(of12000).toBeLessThan(3000)
  })

  test('and the newest entries without a filter cost a few rows each', async () => {
    expect(await rowsRead(large, { limit: '50' })).toBeLessThan(250)
  })
})

describe('what is about one thing is found by the index, however long the log is', () => {
  const rare = Array.from({ length: Math.floor(11_999 / RARE) }, (_, i) => (i + 1) * RARE).toReversed()
  const pageOf = async (query: Record<string, string>) => {
    const { data, nextCursor } = JSON.parse((await get(large, `/v1/audit-logs?${new URLSearchParams(query)}`)).text)
    return { seqs: data.map(({ seq }: AuditEntryView) => seq) as number[], nextCursor }
  }

  test('all of it on one page where it is rare, alone and with other filters', async () => {
    const refused = { outcome: 'refused', actor: 'test', surface: 'api' }
    const others: Record<string, string>[] = [{}, { action: 'test.rare' }, refused]
    for (const other of others)
      expect(await pageOf({ entity: MONITOR_ID, ...other })).toEqual({ seqs: rare, nextCursor: null })
    const from = new Date(START + 5 * RARE).toISOString()
    expect(await pageOf({ entity: MONITOR_ID, from })).toEqual({ seqs: rare.slice(0, -4), nextCursor: null })
    expect(await pageOf({ entity: MONITOR_ID, to: from })).toEqual({ seqs: rare.slice(-4), nextCursor: null })
    const first = await pageOf({ entity: MONITOR_ID, limit: '10' })
    const second = await pageOf({ entity: MONITOR_ID, limit: '10', cursor: first.nextCursor })
    expect([[...first.seqs, ...second.seqs], second.nextCursor]).toEqual([rare, null])
  })

  test('for a few rows an entry, and with other filters for no more than any of them', async () => {
    expect(await rowsRead(large, { entity: MONITOR_ID })).toBeLessThan(100)
    expect(await rowsRead(large, { entity: BUSY_ID })).toBeLessThan(300)
    expect(await rowsRead(large, { entity: BUSY_ID, action: 'monitor.fly' })).toBeLessThan(2100)
  })

  test('on as many pages as it takes where most is about it, and nothing twice', async () => {
    const found: number[] = []
    let cursor: string | null = null
    let pages = 0
    do {
      const page = await pageOf({ entity: BUSY_ID, action: 'monitor.fly', ...(cursor && { cursor }) })
      found.push(...page.seqs)
      cursor = page.nextCursor
      pages++
    } while (cursor)
    expect(found).toEqual([])
    // 500 of its entries on each.
    expect(pages).toBe(24)
  })
})

test('a rare entry is found wherever it is, each once, though a page looks at a part of the log only', async () => {
  const found: number[] = []
  let cursor: string | null = null
  let pages = 0
  do {
    const query = new URLSearchParams({ action: 'test.rare', ...(cursor && { cursor }) })
    const body = JSON.parse((await get(large, `/v1/audit-logs?${query}`)).text)
    found.push(...body.data.map(({ seq }: AuditEntryView) => seq))
    cursor = body.nextCursor
    pages++
  } while (cursor)
  const all = Array.from({ length: Math.floor(11_999 / RARE) }, (_, i) => (i + 1) * RARE)
  expect(found).toEqual(all.toReversed())
  expect(pages).toBeLessThanOrEqual(7)
})

describe('on a plan that does not browse the log', () => {
  beforeAll(() => setPlan(small, 'free'))

  test('nothing is read before that is said', async () => {
    for (const path of [
      '/v1/audit-logs',
      '/v1/audit-logs?action=test.rare',
      '/v1/audit-logs/5',
      '/v1/audit/tile/entries/000',
    ]) {
      const watched = watchedDatabase()
      const { status, text } = await get(small, path, watched.env)
      expect([path, status, JSON.parse(text).code]).toEqual([path, 402, 'plan_required'])
      for (const { rowsRead } of watched.ran.filter(readsEntries)) expect([path, rowsRead]).toEqual([path, OWN_ROW])
    }
  })

  /** What each query is asked for, where an entry would be the answer. */
  const ASKED: Record<string, unknown> = {
    'audit_log.list': { limit: 50 },
    'audit_log.get': { seq: 5 },
    'audit.entries': { place: '000' },
    'audit.of_monitor': { id: MONITOR_ID },
    'audit.of_incident': { id: INCIDENT_ID },
    'audit_log.people': {},
  }

  test('the statements themselves read no entry, whoever sends them', async () => {
    const noted = QUERIES.filter(({ noted }) => noted === 'all').map(({ name }) => name as string)
    expect(Object.keys(ASKED)).toEqual(expect.arrayContaining(noted))
    for (const [name, asked] of Object.entries(ASKED)) {
      const query = QUERIES.find((candidate) => candidate.name === name) ?? expect.unreachable()
      const load = query.load(
        database(env.DB),
        { workspaceId: small.workspaceId, credential: small.session, now: Date.now() },
        query.input.parse(asked),
      )
      for (const [part, built] of Object.entries(load)) {
        const { sql, params } = (built as unknown as { toSQL(): { sql: string; params: string[] } }).toSQL()
        if (!/"audit_body"\."leaf"|from "audit_person"/.test(sql)) continue
        const { results, meta } = await statement(sql, ...params).all()
        expect([name, part, results, meta.rows_read]).toEqual([name, part, [], OWN_ROW])
      }
    }
  })
})
