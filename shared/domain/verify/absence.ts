import type { ExportGap } from '../../contracts/audit-export.ts'
import { type Claims, erasedBy, prunedBelow } from './claims.ts'
import type { Findings } from './report.ts'

/** People whose erasure is still looked for. Noise must not make this as large as a number can be. */
const MAX_PEOPLE = 100_000

/**
 * Whether the log itself says why something is not in it any more: texts by a pruning, personal fields by an erasure.
 * Either entry comes after what it explains, and is kept at least as long. Of an export without a filter only: with one,
 * these entries may themselves be left out.
 */
export function explainAbsence(findings: Findings) {
  /** The first entry whose text is kept, if all that is absent was pruned: pruning takes the oldest, and all of them. */
  let kept = 0
  let minimum = 0
  /** The first entry of each person whose fields are gone, as long as no later entry says that they were erased. */
  const unexplained = new Map<unknown, number>()

  return {
    entry(seq: number, claims: Claims, erased: boolean): void {
      minimum = Math.max(minimum, prunedBelow(claims))
      const person = erasedBy(claims)
      if (person !== null) unexplained.delete(person)
      if (!erased || unexplained.has(claims.user)) return
      if (unexplained.size < MAX_PEOPLE) unexplained.set(claims.user, seq)
      else findings.find('altered', seq, `The personal fields of more than ${MAX_PEOPLE} people are gone.`)
    },

    gap({ gap: [from, to], why }: ExportGap): void {
      if (why === 'filter')
        findings.find('missing', from, `The text of entry ${from} is left out of an export that has no filter.`)
      if (why !== 'pruned') return
      if (from === kept) kept = to
      else findings.find('missing', from, `The text of entry ${from} is missing: pruning takes older ones first.`)
    },

    /** After the last entry, when it is known what they all say. */
    end(): void {
      if (kept > minimum)
        findings.find(
          'missing',
          minimum,
          `The text of entry ${minimum} is missing, and no entry says that it was pruned.`,
        )
      const first = [...unexplained.values()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
      if (Number.isFinite(first))
        findings.find(
          'altered',
          first,
          `The personal fields of entry ${first} are gone, and no entry says that they were erased.`,
        )
    },
  }
}
