import { toBase64url } from '../../../shared/domain/base64.ts'
import type { LogFinding } from '../../../shared/domain/finding.ts'
import { appendToRange, joinRange, leafHash, splitRange } from '../../../shared/domain/merkle.ts'
import { type Claims, claimsOf, erasedBy, prunedBelow } from '../../../shared/domain/verify/claims.ts'
import type { Db } from '../db/client.ts'
import { treeFrom } from '../services/log/rows.ts'
import type { Head } from './head.ts'

/** How far a log has been read and found to be what its hashes say. */
export interface Checked {
  /** Entries. */
  size: number
  /** Joined compact range at this size. */
  range: Uint8Array
  /** Runs of entries without their text, oldest first; `to` is the first entry after one. */
  gaps: { from: number; to: number }[]
  /** Texts below this entry were pruned, say the entries read so far. */
  published: number
  /** People whose fields are gone, each with the first such entry, as long as no later entry says that they were erased. */
  erased: { person: string; entry: number }[]
  /** When the first entry was read, and when the last one. What changed in between shows the next time. Unix milliseconds. */
  begun: number
  at: number
  finding: LogFinding | null
}

export const UNCHECKED: Checked = {
  size: 0,
  range: new Uint8Array(),
  gaps: [],
  published: 0,
  erased: [],
  begun: 0,
  at: 0,
  finding: null,
}

/** Pruning leaves one run, and a pass during which more is pruned two: with this many, texts were taken otherwise. */
const MAX_GAPS = 50
/** People who are remembered until their erasure is read. An export has no such bound. */
const MAX_ERASED = 1000

const encoder = new TextEncoder()
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

type Row = Awaited<ReturnType<typeof treeFrom>>[number]

/** Whether the personal fields are those that an entry commits to; erased ones are. */
async function fitsCommitment({ salt, json }: Row, commitment: unknown): Promise<boolean> {
  if (salt === null || json === null) return true
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array([...salt, ...encoder.encode(json)]))
  return toBase64url(new Uint8Array(hash)) === commitment
}

/** What is wrong with the text of one row by itself, or null. */
async function findIn(row: Row, text: string, leaf: Claims, logId: string): Promise<LogFinding['verdict'] | null> {
  if (leaf.log === undefined) return 'altered'
  if (leaf.log !== logId) return 'wrong workspace'
  if (leaf.seq !== row.seq) return 'reordered'
  const isRight = same(await leafHash(encoder.encode(text)), row.leafHash) && (await fitsCommitment(row, leaf.person))
  return isRight ? null : 'altered'
}

function addGap(gaps: Checked['gaps'], seq: number): Checked['gaps'] {
  const last = gaps.at(-1)
  if (last?.to === seq) return [...gaps.slice(0, -1), { from: last.from, to: seq + 1 }]
  return [...gaps, { from: seq, to: seq + 1 }]
}

/** The first entry whose text is gone although no entry says that it was pruned, or undefined. */
function firstMissing({ gaps, published }: Pick<Checked, 'gaps' | 'published'>): number | undefined {
  const gap = gaps.find(({ to }) => to > published)
  return gap && Math.max(gap.from, published)
}

/** Whose erasure is still to come, after one more entry. */
function awaitErasure(erased: Checked['erased'], { seq, salt }: Row, leaf: Claims): Checked['erased'] {
  const person = erasedBy(leaf)
  const rest = person === null ? erased : erased.filter((known) => known.person !== person)
  const user = String(leaf.user)
  const isKnown = typeof leaf.person !== 'string' || salt !== null || rest.some((known) => known.person === user)
  return isKnown || rest.length >= MAX_ERASED ? rest : [...rest, { person: user, entry: seq }]
}

/**
 * Reads on from what has been checked, at most `limit` entries, and recomputes the tree over them. Stops at the first
 * thing that is not right, and is right again only after a new start. `own`: the head that the writer knows itself.
 */
export async function checkOn(db: Db, logId: string, checked: Checked, own: Head, limit: number): Promise<Checked> {
  if (checked.finding) return checked
  let { size, range, gaps, published, erased } = checked
  const begun = size === 0 ? Date.now() : checked.begun
  const found = (verdict: LogFinding['verdict'], entry = size): Checked => ({
    ...{ size, range, gaps, published, erased, begun, at: Date.now() },
    finding: { verdict, entry },
  })
  const rows = await treeFrom(db, logId, size, limit)
  for (const row of rows) {
    // The writer goes on meanwhile; what it has not settled yet is for the next time.
    if (size >= own.size) break
    if (row.seq !== size) return found('missing')
    if (row.leaf === null) gaps = addGap(gaps, size)
    else {
      const leaf = claimsOf(row.leaf)
      const verdict = await findIn(row, row.leaf, leaf, logId)
      if (verdict) return found(verdict)
      published = Math.max(published, prunedBelow(leaf))
      erased = awaitErasure(erased, row, leaf)
    }
    if (gaps.length > MAX_GAPS) return found('missing', gaps[1]?.from)
    const grown = joinRange(await appendToRange(splitRange(range), size, row.leafHash))
    if (!same(grown, row.range)) return found('altered')
    size++
    range = grown
  }
  if (size < own.size && rows.length < limit) return found('truncated')
  if (size === own.size) {
    // An entry that says what was pruned comes after the texts that are gone: only now it is known.
    const missing = firstMissing({ gaps, published })
    if (missing !== undefined) return found('missing', missing)
    // An erasure that the writer has just committed is in these rows already, and not yet in its head.
    const first = Math.min(...erased.map(({ entry }) => entry))
    const isLast = rows.length < limit && rows.every(({ seq }) => seq < size)
    if (isLast && erased.length > 0) return found('altered', first)
    // The whole log fits itself, and ends otherwise than its writer knows: of the last entry at least that can be said.
    if (!same(range, own.range)) return found('altered', Math.max(size - 1, 0))
  }
  return { size, range, gaps, published, erased, begun, at: Date.now(), finding: null }
}
