import { beforeAll, describe, expect, test } from 'vitest'
import { get, verdictOf } from '../lib/audit.ts'
import { newPerson, type Person } from '../lib/candor.ts'
import { readLog } from '../lib/log.ts'
import { made } from '../lib/world.ts'

let person: Person
beforeAll(async () => {
  person = await newPerson()
  await made(person, 'workspace.rename', { name: 'Acme' })
  // Reading is noted; once it has been, the log stands still for this hour.
  await get(person, '/v1/audit-logs')
})

/** Every place that takes the filter of a log: the lists and the copies, of the workspace's and of one's own. */
const LISTS = ['/v1/audit-logs?', '/audit-logs?', '/account/log?']
const EXPORTS = [
  '/v1/audit-logs/export?format=csv&',
  '/audit-logs/export?format=csv&',
  '/account/log/export?format=csv&',
]
const PAGES = LISTS.filter((path) => !path.startsWith('/v1/'))

/** Entries on an answer of any of them, by their sequence. */
function seqsIn(path: string, text: string): number[] {
  if (path.includes('/export')) return [...text.matchAll(/^(\d+),/gm)].map(([, seq]) => Number(seq))
  if (path.startsWith('/v1/')) return JSON.parse(text).data.map(({ seq }: { seq: number }) => seq)
  return [...text.matchAll(/data-label="#">(\d+)</g)].map(([, seq]) => Number(seq))
}
const logOf = (path: string) => (path.startsWith('/account') ? person.userId : person.workspaceId)
const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'")

describe('a filter that is none is refused in one sentence that names it, in every place, without an entry', () => {
  test.each([
    ['from=2026-02-30', '`from` names a day that does not exist: 2026-02-30.'],
    ['to=2025-02-29', '`to` names a day that does not exist: 2025-02-29.'],
    ['to=2026-04-31T10:00:00Z', '`to` names a day that does not exist: 2026-04-31.'],
    ['from=2026-04-30T25:00:00Z', '`from` names a time that does not exist: 2026-04-30T25:00:00Z.'],
    ['from=2026-04-30T10:00(a)Z', '`from` is a day (2026-11-25) or a moment (2026-11-25T20:14:00Z).'],
    ['surface=fax', '`surface` is one of dashboard, api, mcp, slack, system.'],
    ['outcome=good', '`outcome` is one of ok, forbidden, '],
    [`actor=${'a'.repeat(65)}`, '`actor` has at most 64 characters.'],
    ['surface=api&surface=dashboard', '`surface` is there 2 times. Give it once.'],
    ['action=&action=&action=', '`action` is there 3 times. Give it once.'],
    ['colour=', 'colour'],
  ])('%s', async (query, sentence) => {
    for (const path of [...LISTS, ...EXPORTS]) {
      const before = (await readLog(logOf(path))).length
      const { status, text } = await get(person, path + query)
      expect([path, status, plain(text)]).toEqual([path, 422, expect.stringContaining(sentence)])
      expect((await readLog(logOf(path))).length).toBe(before)
    }
  })

  test('and the 29th of February of a leap year is a day', async () => {
    for (const path of [...LISTS, ...EXPORTS]) expect((await get(person, `${path}from=2024-02-29`)).status).toBe(200)
  })

  test('so is a limit, which the list alone has', async () => {
    for (const limit of ['0', '101', 'many']) {
      const { status, text } = await get(person, `/v1/audit-logs?limit=${limit}`)
      expect([status, JSON.parse(text).errors]).toEqual([
        422,
        [{ field: 'limit', message: '`limit` is a number from 1 to 100.' }],
      ])
    }
  })
})

describe('a page with such a filter has its form again', () => {
  test.each(PAGES)('%s with what was typed, what is wrong at its field, and no entry', async (path) => {
    const { status, text } = await get(person, `${path}action=session.create&entity=mon_1&from=2026-02-30`)
    expect(status).toBe(422)
    expect(text).toContain('<a href="#f-from">`from` names a day that does not exist: 2026-02-30.</a>')
    expect(text).toMatch(/name="from"[^>]*aria-invalid="true"[^>]*value="2026-02-30"/)
    expect(text).toMatch(/name="entity"[^>]*value="mon_1"/)
    expect(text).toMatch(/<option value="session.create" selected/)
    expect(text).not.toContain('/export?')
    expect(seqsIn(path, text)).toEqual([])
  })
})

describe('fields that a form sends empty are no filter', () => {
  const empty = 'actor=&action=&entity=&surface=&outcome=&from=&to='

  test.each([...LISTS, ...EXPORTS])('%s', async (path) => {
    const all = seqsIn(path, (await get(person, path)).text)
    const { status, text } = await get(person, path + empty)
    expect(status).toBe(200)
    // Each copy has one entry more: that of its own making.
    expect(seqsIn(path, text).filter((seq) => all.includes(seq))).toEqual(all)
  })

  test.each(EXPORTS)('%s is an entry that names none of them, and the others', async (path) => {
    await get(person, `${path}actor=`)
    const newest = async () => (await readLog(logOf(path))).at(-1)?.leaf
    expect(await newest()).toMatchObject({ action: 'audit_log.export', after: { format: 'csv', filter: {} } })
    expect(Object.keys((await newest())?.after?.filter as object)).toEqual([])
    await get(person, `${path}actor=&action=audit_log.export&to=`)
    expect((await newest())?.after?.filter).toEqual({ action: 'audit_log.export' })
  })

  test('so that an export as NDJSON with all of them empty is one without a filter', async () => {
    const { text } = await get(person, `/audit-logs/export?${empty}&format=ndjson`)
    expect(await verdictOf(text)).toBe('sound')
    expect(JSON.parse(text.split('\n')[0] ?? '').filter).toEqual({})
  })
})
