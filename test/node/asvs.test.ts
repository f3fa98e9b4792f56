import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ASVS_STATES, type AsvsItem, asvsFigures, readAsvs } from '../../scripts/lib/asvs.ts'
import { makeDocuments } from '../../scripts/lib/documents.ts'
import { ROOT } from '../../scripts/lib/settings.ts'

/** How many requirements of levels 1 and 2 the chapters V1 to V17 of ASVS 5.0.0 have. */
const CHAPTERS = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7]

const { items, licence, standard } = readAsvs()

/** What is wrong with the word about one requirement, in a sentence; null when nothing is. */
function faultOf({ id, status, proof = [], reason = '' }: AsvsItem): string | null {
  if (!ASVS_STATES.includes(status)) return `${id} has no state that there is.`
  if (status === 'met' && proof.length === 0) return `${id} is said to be met, and nothing shows it.`
  if (status !== 'met' && reason === '') return `${id} is ${status}, and nothing says why.`
  const dead = proof.find((file) => !existsSync(join(ROOT, file)))
  if (dead !== undefined) return `${id} refers to ${dead}, which is not there.`
  const empty = proof.find(
    (file) => file.endsWith('.test.ts') && !/^\s*test(?:\.each)?\(/m.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  return empty === undefined ? null : `${id} refers to ${empty}, in which no test runs.`
}

describe('docs/asvs.json', () => {
  test('has every requirement of levels 1 and 2 once, in order', () => {
    expect(standard).toContain('5.0.0')
    const ids = items.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const numbers = ids.map((id) => /^V(\d+)\.(\d+)\.(\d+)$/.exec(id)?.slice(1).map(Number) ?? [])
    const sorted = numbers.toSorted(
      (a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0),
    )
    expect(numbers).toEqual(sorted)
    expect(CHAPTERS.map((_, i) => numbers.filter(([chapter]) => chapter === i + 1).length)).toEqual(CHAPTERS)
    expect([1, 2].map((level) => items.filter((item) => item.level === level).length)).toEqual([70, 183])
  })

  test('says of each what shows it, or why not, and refers to nothing that is not there', () => {
    expect(items.map(faultOf).filter(Boolean)).toEqual([])
  })

  test('names the licence of the standard, and has none of its texts', () => {
    expect(licence).toContain('CC BY-SA 4.0')
    expect(JSON.stringify(items)).not.toMatch(/verify that/i)
  })

  test('is what the figures on /security count', () => {
    expect(makeDocuments().asvs).toEqual(asvsFigures(items))
    for (const { level, met, notMet, notApplicable, notAssessed } of asvsFigures(items))
      expect(met + notMet + notApplicable + notAssessed).toBe(level === 1 ? 70 : 183)
  })
})

test('a word about a requirement that holds to nothing is found', () => {
  const item: AsvsItem = { id: 'V1.1.1', level: 1, status: 'met', proof: ['test/address.test.ts'] }
  expect(faultOf(item)).toBeNull()
  expect(faultOf({ ...item, proof: [] })).toContain('nothing shows it')
  expect(faultOf({ ...item, proof: ['test/gone.test.ts'] })).toContain('is not there')
  expect(faultOf({ ...item, proof: ['test/node/free-port.ts', 'test/lib/none.md'] })).toContain('test/lib/none.md')
  expect(faultOf({ ...item, status: 'not met' })).toContain('nothing says why')
  expect(faultOf({ ...item, status: 'fine' as 'met' })).toContain('no state')
})
