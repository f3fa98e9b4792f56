import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExportEntry, ExportLine } from '../../shared/contracts/audit-export.ts'
import { verifyExport } from '../../shared/domain/verify/verify-export.ts'
import {
  entryOf,
  erasureOf,
  exportOf,
  linesOf,
  pruningOf,
  type SampleExport,
  textOf,
  userOf,
  withHeader,
} from './sample-log.ts'

const SIZE = 30
const entries = await Promise.all(Array.from({ length: SIZE }, (_, seq) => entryOf(seq)))
/** The log with other entries in some places. */
const logWith = (...others: ExportEntry[]) => others.reduce((log, other) => log.with(other.seq, other), entries)

const verify = (one: Pick<SampleExport, 'header' | 'lines'>) => verifyExport(linesOf(textOf(one)))
async function verdictOf(one: Pick<SampleExport, 'header' | 'lines'>): Promise<string> {
  const { verdict, entry } = await verify(one)
  return entry === null ? verdict : `${verdict} at ${entry}`
}

/** The export without the personal fields of some entries. */
const withoutPerson = (one: SampleExport, gone: (seq: number) => boolean): SampleExport => ({
  ...one,
  lines: one.lines.map((line): ExportLine => {
    if (!('leaf' in line) || !gone(line.seq)) return line
    const { person: _, ...rest } = line
    return rest
  }),
})

describe('texts that an export says were pruned', () => {
  test('are explained by the entry that pruned them, and by no other', async () => {
    const pruned = (log: ExportEntry[], to: number) => exportOf(log, null, to)
    expect(await verify(await pruned(logWith(await pruningOf(20, 10)), 10))).toMatchObject({
      verdict: 'sound',
      pruned: 10,
      filtered: false,
    })
    expect(await verdictOf(await pruned(entries, 10))).toBe('missing at 0')
    expect(await verdictOf(await pruned(logWith(await pruningOf(20, 7)), 10))).toBe('missing at 7')
    expect(await verdictOf(await pruned(logWith(await pruningOf(20, 10, 'forbidden')), 10))).toBe('missing at 0')
    expect(await verdictOf(await pruned(logWith(await pruningOf(20, 'all')), 10))).toBe('missing at 0')
    expect(await verdictOf(await pruned(logWith(await entryOf(20, undefined, 'audit_log.prune')), 10))).toBe(
      'missing at 0',
    )
  })

  test('are explained when the entry that pruned them was pruned itself, by a later one', async () => {
    const log = logWith(await pruningOf(12, 10), await pruningOf(25, 15))
    expect(await verdictOf(await exportOf(log, null, 15))).toBe('sound')
    expect(await verdictOf(await exportOf(logWith(await pruningOf(12, 10)), null, 15))).toBe('missing at 0')
  })

  test('are not explained by an entry that they would have to come after', async () => {
    expect(await verdictOf(await exportOf(logWith(await pruningOf(8, 20), await pruningOf(9, 20)), null, 5))).toBe(
      'sound',
    )
    const late = await exportOf(logWith(await pruningOf(20, 29)), null, 0)
    expect(await verdictOf(late)).toBe('sound')
    expect(await verdictOf(await exportOf(logWith(await pruningOf(12, 29)), null, 12))).toBe('sound')
    // It says that it has pruned itself, and what comes after it.
    const log = logWith(await pruningOf(10, 29))
    expect(await verdictOf(await exportOf(log, null, 10))).toBe('sound')
    expect(await verdictOf(await exportOf(log, null, 11))).toBe('missing at 0')
  })

  test('are the oldest ones: a hole further on is none of them, whatever an entry says', async () => {
    const log = logWith(await pruningOf(28, 20))
    const hole = await exportOf(log, (seq) => seq < 5 || seq >= 8)
    const lines = hole.lines.map((line): ExportLine => ('gap' in line ? { ...line, why: 'pruned' } : line))
    expect(await verdictOf(await withHeader({ ...hole, lines }, { filter: {} }))).toBe('missing at 5')
  })

  test('however long the log is and wherever it was pruned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.nat(SIZE - 1), fc.nat(SIZE), async (at, minimum, pruned) => {
        const below = Math.min(minimum, at)
        const gone = Math.min(pruned, at)
        const found = await verdictOf(await exportOf(logWith(await pruningOf(at, minimum)), null, gone))
        expect(found).toBe(gone <= below ? 'sound' : `missing at ${below}`)
      }),
      { numRuns: 60 },
    )
  })
})

describe('personal fields that are gone', () => {
  const byUser = (user: string, before: number) => (seq: number) => userOf(seq) === user && seq < before

  test('are explained by a later entry that erased that very person', async () => {
    const whole = await exportOf(logWith(await erasureOf(20, userOf(2))))
    const erased = withoutPerson(whole, byUser(userOf(2), 20))
    expect(await verify(erased)).toMatchObject({ verdict: 'sound', erased: 4, filtered: false })
  })

  test.each([
    ['by none', null, 2],
    ['by an erasure of somebody else', () => erasureOf(20, userOf(3)), 2],
    ['by an erasure that was refused', () => erasureOf(20, userOf(2), 'forbidden'), 2],
    ['by another entry about that person', () => entryOf(20, undefined, '', { entity: { id: userOf(2) } }), 2],
    ['by an erasure before it', () => erasureOf(1, userOf(2)), 2],
    ['by an erasure in the middle', () => erasureOf(10, userOf(2)), 12],
  ])('and are explained %s, are found at their first entry', async (_, entry, first) => {
    const whole = await exportOf(entry ? logWith(await entry()) : entries)
    const erased = withoutPerson(whole, byUser(userOf(2), SIZE))
    const { verdict, entry: at, why } = await verify(erased)
    expect([verdict, at]).toEqual(['altered', first])
    expect(why).toBe(`The personal fields of entry ${first} are gone, and no entry says that they were erased.`)
  })

  test('of a single entry, among others of the same person that are there, are found', async () => {
    expect(await verdictOf(withoutPerson(await exportOf(entries), (seq) => seq === 17))).toBe('altered at 17')
  })
})

describe('what is absent from a filtered export', () => {
  test('cannot be told, and the report says that it is filtered', async () => {
    const some = await exportOf(entries, (seq) => seq >= 10, 5)
    expect(await verify(withoutPerson(some, (seq) => seq === 17))).toMatchObject({ verdict: 'sound', filtered: true })
  })

  test('is missing when the header says that there was no filter', async () => {
    const some = await exportOf(entries, (seq) => seq < 10 || seq >= 15)
    expect(await verdictOf(await withHeader(some, { filter: {} }))).toBe('missing at 10')
  })
})
