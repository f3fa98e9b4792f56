import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { LogFinding } from '../../shared/domain/finding.ts'
import { appendToRange, joinRange, splitRange } from '../../shared/domain/merkle.ts'
import { bannerOf, exported, exportPath, get, nightlyPass, storedExport, verdictOf } from '../lib/audit.ts'
import { ask, type Person } from '../lib/candor.ts'
import { checkedLog } from '../lib/checked-log.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { naiveLeafHash } from '../lib/rfc6962.ts'
import { made } from '../lib/world.ts'

const encoder = new TextEncoder()

let person: Person
let logId: Person['workspaceId']
let since: string
let size: number
beforeEach(async () => {
  ;({ person, logId, since, size } = await checkedLog())
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

const leafAt = async (seq: number): Promise<string> =>
  (await statement('SELECT leaf FROM audit_body WHERE log_id = ? AND seq = ?', logId, seq).first<{ leaf: string }>())
    ?.leaf ?? expect.unreachable()

const setLeaf = (seq: number, leaf: string) =>
  statement('UPDATE audit_body SET leaf = ? WHERE log_id = ? AND seq = ?', leaf, logId, seq)
const setHash = (seq: number, hash: Uint8Array) =>
  statement('UPDATE audit_log SET leaf_hash = ? WHERE log_id = ? AND seq = ?', hash, logId, seq)
const deleteFrom = (table: string, where: string, ...values: number[]) =>
  statement(`DELETE FROM ${table} WHERE log_id = ? AND ${where}`, logId, ...values)
const move = (table: string, from: number, to: number) =>
  statement(`UPDATE ${table} SET seq = ? WHERE log_id = ? AND seq = ?`, to, logId, from)
const cutFrom = (seq: number) => [deleteFrom('audit_body', 'seq >= ?', seq), deleteFrom('audit_log', 'seq >= ?', seq)]

/** Another text in place of the last entry's, with its hash and range made anew, so that the log fits itself. */
async function replaceLast(): Promise<D1PreparedStatement[]> {
  const seq = size - 1
  const leaf = (await leafAt(seq)).replace(/"at":\d+/, '"at":1')
  const hash = await naiveLeafHash(encoder.encode(leaf))
  const before = await statement('SELECT range FROM audit_log WHERE log_id = ? AND seq = ?', logId, seq - 1).first<{
    range: number[]
  }>()
  const range = await appendToRange(splitRange(Uint8Array.from(before?.range ?? [])), seq, hash)
  return [
    setLeaf(seq, leaf),
    setHash(seq, hash),
    statement('UPDATE audit_log SET range = ? WHERE log_id = ? AND seq = ?', joinRange(range), logId, seq),
  ]
}

const rename = () => ask('PATCH', '/v1/workspace', { as: person, body: { name: 'After' } })

interface Harm {
  what: string
  does: () => Promise<D1PreparedStatement[]>
  /** What an export made afterwards is found to be, held against the checkpoint that was kept. */
  offline: string
  /** What the log's own check finds at night. */
  atNight: LogFinding
  /** True when the end of the log is another one: then it takes no change any more. */
  stops: boolean
}

const found = (verdict: LogFinding['verdict'], entry: number): LogFinding => ({ verdict, entry })

/** Sizes are those of `checkedLog`: entries 0 to 6. */
const HARMS: Harm[] = [
  {
    what: 'a text is altered',
    does: async () => [setLeaf(2, (await leafAt(2)).replace('"One"', '"Eno"'))],
    offline: 'altered at 2',
    atNight: found('altered', 2),
    stops: false,
  },
  {
    what: 'a text is altered with its hash',
    async does() {
      const leaf = (await leafAt(2)).replace('"One"', '"Eno"')
      return [setLeaf(2, leaf), setHash(2, await naiveLeafHash(encoder.encode(leaf)))]
    },
    // A root does not say which: it is one of all that are signed.
    offline: 'altered within 8',
    atNight: found('altered', 2),
    stops: false,
  },
  {
    what: 'personal fields are altered',
    does: async () => [
      statement(`UPDATE audit_person SET json = json_set(json, '$.name', 'Mallory') WHERE log_id = ?`, logId),
    ],
    offline: 'altered at 0',
    atNight: found('altered', 0),
    stops: false,
  },
  {
    what: 'personal fields are deleted as if they had been erased',
    does: async () => [statement('DELETE FROM audit_person WHERE log_id = ?', logId)],
    offline: 'altered at 0',
    atNight: found('altered', 0),
    stops: false,
  },
  {
    what: 'a text is deleted',
    does: async () => [deleteFrom('audit_body', 'seq = ?', 3)],
    offline: 'missing at 3',
    atNight: found('missing', 3),
    stops: false,
  },
  {
    what: 'the oldest texts are deleted as if they had been pruned',
    does: async () => [deleteFrom('audit_body', 'seq < ?', 2)],
    offline: 'missing at 0',
    atNight: found('missing', 0),
    stops: false,
  },
  {
    what: 'an entry is deleted whole',
    does: async () => [deleteFrom('audit_body', 'seq = ?', 3), deleteFrom('audit_log', 'seq = ?', 3)],
    offline: 'missing at 3',
    atNight: found('missing', 3),
    stops: false,
  },
  {
    what: 'the texts of two entries are swapped',
    async does() {
      const [second, third] = [await leafAt(2), await leafAt(3)]
      return [setLeaf(2, third), setLeaf(3, second)]
    },
    offline: 'reordered at 2',
    atNight: found('reordered', 2),
    stops: false,
  },
  {
    what: 'the places of two entries are swapped',
    does: async () =>
      ['audit_body', 'audit_log'].flatMap((table) => [move(table, 2, 999), move(table, 3, 2), move(table, 999, 3)]),
    offline: 'reordered at 2',
    atNight: found('reordered', 2),
    stops: false,
  },
  {
    what: 'the tail is cut off, consistently',
    does: async () => cutFrom(6),
    offline: 'truncated at 6',
    atNight: found('truncated', 6),
    stops: true,
  },
  {
    what: 'everything is rolled back to an older state',
    does: async () => [
      ...cutFrom(3),
      statement(`UPDATE workspace SET name = 'One' WHERE workspace_id = ?`, logId),
      statement(
        'DELETE FROM audit_person WHERE log_id = ? AND commitment NOT IN (SELECT person FROM audit_body)',
        logId,
      ),
    ],
    offline: 'truncated at 3',
    atNight: found('truncated', 3),
    stops: true,
  },
  {
    what: 'the log is emptied',
    does: async () => cutFrom(0),
    offline: 'no export',
    atNight: found('truncated', 0),
    stops: true,
  },
  {
    what: 'the last entry is replaced, consistently',
    does: replaceLast,
    offline: 'forked within 7',
    atNight: found('altered', 6),
    stops: true,
  },
]

test('the log that is harmed below has seven entries and is sound', async () => {
  expect(size).toBe(7)
  expect(await verdictOf(await storedExport(logId), { since })).toBe('sound')
  expect(await bannerOf(person)).toBeNull()
  expect((await ask('GET', '/audit-logs', { as: person })).text).toMatch(/Verified to #\d/)
})

describe.each(HARMS)('when $what', ({ does, offline, atNight, stops }) => {
  beforeEach(async () => pastTheGates(await does()))

  test('an export shows it to anybody who holds an older checkpoint', async () => {
    const text = await (stops ? storedExport(logId) : exported(person)).catch(() => null)
    expect(text === null ? 'no export' : await verdictOf(text, { since })).toBe(offline)
  })

  test(`${stops ? 'no change is made any more' : 'changes go on, as the end is the right one'}, and the night finds it`, async () => {
    const answer = await rename()
    expect([answer.status, answer.body.code]).toEqual(stops ? [503, 'log_tampered'] : [200, undefined])
    // An owner takes a copy all the same, without an entry; of nothing there is none.
    expect((await get(person, exportPath())).status).toBe(offline === 'no export' ? 503 : 200)
    const { checked } = await nightlyPass(logId)
    expect(checked.finding).toEqual(atNight)
    expect(await bannerOf(person)).toBe(`${atNight.verdict}, first bad entry #${atNight.entry}`)
  })
})

describe.each(HARMS)('when $what', ({ does, atNight }) => {
  test('whoever looks a minute later is told, and shown no badge', async () => {
    await pastTheGates(await does())
    const now = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 61_000)
    const { text } = await ask('GET', '/audit-logs', { as: person })
    expect(text).toContain(`does not verify: ${atNight.verdict}, first bad entry #${atNight.entry}`)
    expect(text).not.toContain('Verified to #')
  })
})

test('the logs of two workspaces that were swapped are both found to be of another', async () => {
  const other = await checkedLog('Grace Hopper')
  await made(other.person, 'workspace.rename', { name: 'Longer' })
  const aside = (table: string, from: string, to: string) =>
    statement(`UPDATE ${table} SET log_id = ? WHERE log_id = ?`, to, from)
  const tables = ['audit_body', 'audit_log', 'audit_person']
  await pastTheGates(
    tables.flatMap((table) => [
      aside(table, logId, 'aside'),
      aside(table, other.logId, logId),
      aside(table, 'aside', other.logId),
    ]),
  )
  for (const one of [other, { person, logId, since }]) {
    expect(await verdictOf(await storedExport(one.logId), { since: one.since })).toBe('wrong workspace at 0')
    expect((await ask('PATCH', '/v1/workspace', { as: one.person, body: { name: 'After' } })).body.code).toBe(
      'log_tampered',
    )
    expect((await nightlyPass(one.logId)).checked.finding).toEqual(found('wrong workspace', 0))
    expect(await bannerOf(one.person)).toBe('wrong workspace, first bad entry #0')
  }
})
