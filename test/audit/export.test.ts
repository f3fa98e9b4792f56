import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ExportEntry, ExportLine } from '../../shared/contracts/audit-export.ts'
import { exported, exportPath, get, growLog, served, setPlan, verify } from '../lib/audit.ts'
import { newApiKey, newPerson } from '../lib/candor.ts'
import { parseCsv } from '../lib/csv.ts'
import { watchedDatabase } from '../lib/d1.ts'
import { nextSeq } from '../lib/database.ts'
import { type Asked, fits, leavesOf, singleFilters, type VariedLog, variedLog } from '../lib/varied-log.ts'
import { made } from '../lib/world.ts'

let log: VariedLog
beforeAll(async () => {
  log = await variedLog()
})

const linesOf = (text: string): ExportLine[] =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line))
const entriesOf = (text: string) => linesOf(text).filter((line): line is ExportEntry => 'leaf' in line)

/** An export, held against what stands in the database: exactly the entries that were asked for, and a sound proof. */
async function expectExactly(asked: Asked): Promise<void> {
  const text = await exported(log.person, asked)
  const stored = await leavesOf(log.person.workspaceId)
  const wanted = stored.filter(({ leaf }) => fits(asked, leaf))
  expect(entriesOf(text).map(({ leaf }) => leaf)).toEqual(wanted.map(({ text }) => text))
  expect(await verify(text)).toMatchObject({
    verdict: 'sound',
    size: stored.length,
    checked: wanted.length,
    leftOut: stored.length - wanted.length,
    pruned: 0,
    erased: 0,
  })
}

describe('an export as NDJSON', () => {
  test('has exactly the entries of its filter and is sound, whichever filter it is', async () => {
    for (const asked of singleFilters(log)) await expectExactly(asked)
  })

  test('the same for filters together', async () => {
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
      fc.asyncProperty(some, (asked) => expectExactly(JSON.parse(JSON.stringify(asked)))),
      { numRuns: 40 },
    )
  })

  test('ends with the entry of its own making, which says what was asked for', async () => {
    const text = await exported(log.person, { action: 'audit_log.export', surface: 'api' })
    const { leaf } = entriesOf(text).at(-1) ?? expect.unreachable()
    expect(JSON.parse(leaf)).toMatchObject({
      action: 'audit_log.export',
      actor: { type: 'user', id: log.person.userId },
      after: { format: 'ndjson', filter: { action: 'audit_log.export', surface: 'api' } },
    })
    expect(await nextSeq(log.person.workspaceId)).toBe((await verify(text)).size)
  })

  test('may be taken with a key that only reads, and each time is an entry', async () => {
    const { token } = await newApiKey(log.person, 'read')
    const before = await nextSeq(log.person.workspaceId)
    await exported(token)
    await exported(token)
    const added = (await leavesOf(log.person.workspaceId)).slice(before)
    expect(added.map(({ leaf }) => leaf.action)).toEqual(['audit_log.export', 'audit_log.export'])
  })

  test('is refused to a free workspace, in either format, and no entry is read or made', async () => {
    const person = await newPerson()
    await setPlan(person, 'free')
    for (const format of ['ndjson', 'csv']) {
      const { env, ran } = watchedDatabase()
      const { status, text } = await get(person, exportPath({ format }), env)
      expect([status, JSON.parse(text).code]).toEqual([402, 'plan_required'])
      expect(ran).toEqual([])
    }
    expect(await nextSeq(person.workspaceId)).toBe(1)
  })

  test('of an unknown format or a bad filter is refused', async () => {
    const bad: Record<string, string>[] = [{ format: 'xml' }, { surface: 'fax' }, { from: 'yesterday' }, { size: '3' }]
    for (const query of bad) {
      const { status } = await get(log.person, exportPath(query))
      expect([query, status]).toEqual([query, 422])
    }
  })
})

describe('an export as CSV', () => {
  const csvOf = async (asked: Asked = {}) => parseCsv(await exported(log.person, { ...asked, format: 'csv' }))

  test('has a row for each entry of its filter, with the very text that was hashed', async () => {
    for (const asked of singleFilters(log)) {
      const [head = [], ...rows] = await csvOf(asked)
      const wanted = (await leavesOf(log.person.workspaceId)).filter(({ leaf }) => fits(asked, leaf))
      const column = (name: string) => rows.map((row) => row[head.indexOf(name)])
      expect(new Set(rows.map((row) => row.length))).toEqual(new Set(rows.length > 0 ? [head.length] : []))
      expect(column('leaf')).toEqual(wanted.map(({ text }) => text))
      expect(column('seq')).toEqual(wanted.map(({ leaf }) => String(leaf.seq)))
      expect(column('at')).toEqual(wanted.map(({ leaf }) => new Date(leaf.at).toISOString()))
      expect(column('outcome')).toEqual(wanted.map(({ leaf }) => leaf.outcome))
      expect(column('actorId')).toEqual(wanted.map(({ leaf }) => leaf.actor.id))
      expect(column('changed')).toEqual(wanted.map(({ leaf }) => leaf.changed.join(' ')))
    }
  })

  test('keeps quotes, commas and line ends of a text in its cell', async () => {
    const name = 'He said: "a, b"'
    await made(log.person, 'workspace.rename', { name })
    const [head = [], row = []] = (await csvOf({ action: 'workspace.rename' })) as [string[], string[]]
    expect(JSON.parse(row[head.indexOf('leaf')] ?? '').after.name).toBe(name)
  })

  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
    '=HYPERLINK("https://evil.example","click")',
  ])('lets no spreadsheet take the name %j for a formula', async (name) => {
    const person = await newPerson(name)
    const text = await exported(person, { format: 'csv' })
    const [head = [], ...rows] = parseCsv(text)
    expect(rows.map((row) => row[head.indexOf('actorName')])).toEqual(rows.map(() => `'${name}`))
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })
})

describe('an export of five thousand entries', () => {
  const SIZE = 5000
  const isBlock = ({ sql }: { sql: string }) => sql.includes('order by "audit_log"."seq"')

  test('is sound, and is read block by block while it is taken: who stops early has not read the rest', async () => {
    const person = await newPerson()
    await growLog(person.workspaceId, SIZE)
    const whole = watchedDatabase()
    const { text } = await get(person, exportPath(), whole.env)
    expect(await verify(text)).toMatchObject({ verdict: 'sound', checked: SIZE + 2 })
    expect(whole.ran.filter(isBlock).length).toBeGreaterThanOrEqual(25)

    for (const format of ['ndjson', 'csv']) {
      const some = watchedDatabase()
      const response = await served(person, exportPath({ format }), some.env)
      const reader = response.body?.getReader() ?? expect.unreachable()
      expect((await reader.read()).value?.length).toBeGreaterThan(0)
      await reader.cancel()
      expect(some.ran.filter(isBlock).length).toBeLessThanOrEqual(1)
    }
  })
})
