/** What came of a verification. */
export type Verdict =
  | 'sound'
  | 'altered'
  | 'missing'
  | 'reordered'
  | 'truncated'
  | 'forked'
  | 'wrong workspace'
  | 'bad signature'

/** Something that is not right, at the first entry where that can be said. */
export interface Finding {
  verdict: Exclude<Verdict, 'sound'>
  /** The first bad entry; null where it is not known which one it is, or none is. */
  entry: number | null
  /** Where all that is known of it is that it is one of the first so many. */
  within: number | null
  /** One sentence. */
  why: string
}

export interface Counts {
  /** Entries whose text was hashed. */
  checked: number
  /** Entries that the filter of the export leaves out: known by their hashes only. */
  leftOut: number
  /** Entries that retention has pruned: known by their hashes only. */
  pruned: number
  /** Checked entries whose personal fields are gone; what they commit to is still there. */
  erased: number
}

export interface Report extends Counts {
  verdict: Verdict
  entry: number | null
  within: number | null
  why: string
  origin: string
  size: number
  /** What is absent from a filtered export is so by the exporter's word. */
  filtered: boolean
  /** What Candor said of the log when it made the export without an entry; null otherwise. */
  unlogged: { known: number; finding: string } | null
}

/** Keeps the first finding: whatever comes after it may only be its consequence. */
export function firstFinding() {
  let first: Finding | null = null
  return {
    get: () => first,
    /** The first of them is kept. */
    find(verdict: Finding['verdict'], entry: number | null, why: string): void {
      first ??= { verdict, entry, within: null, why }
    },
    /** Something among the first entries, and nothing says which of them it is. */
    findWithin(verdict: Finding['verdict'], within: number, why: string): void {
      first ??= { verdict, entry: null, within, why }
    },
    /** What looked missing has turned up later. */
    turnedUp(): void {
      if (first?.verdict === 'missing')
        first = { ...first, verdict: 'reordered', why: `Entry ${first.entry} is not in its place.` }
    },
  }
}
export type Findings = ReturnType<typeof firstFinding>
