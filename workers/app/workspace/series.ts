import type { Credential } from '../services/context.ts'
import type { Asked, Prepared } from './load.ts'

/** A change that was made alone, by what tells whether another one is like it. */
export interface Member {
  /** Whose it is. */
  who: string
  /** What it is decided on, besides whoever made it. */
  questions: string[]
}

interface Last extends Member {
  /** Entries that the log had after it. */
  size: number
  caller: unknown
  /** What its `load` answers since then. */
  rows: Record<string, unknown>
}

function whoIs(credential: Credential): string | null {
  if (credential.type === 'session') return `session:${credential.hash}`
  return credential.type === 'api_key' ? `api_key:${credential.keyId}` : null
}

/**
 * What a change is to a series; null for what is always asked for anew. Only verbs that say what they touch depend on
 * nothing but rows behind the gates of their workspace's log (test/workspace/series.test.ts).
 */
export function memberOf({ request, verb, wrong }: Prepared, { reads }: Asked): Member | null {
  const who = whoIs(request.credential)
  const questions = reads.map(({ question }) => question)
  if (who === null || wrong || !verb.touches || questions.some((one) => one === null)) return null
  return { who, questions: questions as string[] }
}

/**
 * Changes by one credential, one after the other, that ask the same: an import, a script, somebody who turns the same thing
 * on and off. A verb that knows says what its questions are answered with once its writes are done (`rowsAfter`), so the
 * next change of the series need not ask, and saves a round trip. That is no guess: its batch aborts unless the log ends
 * where it did, and behind the gates nothing changes while it does.
 */
export function makeSeries() {
  let last: Last | null = null
  return {
    /** What a member is decided on, when that is known of a log of this size. */
    basisOf(member: Member, size: number): { caller: unknown; rows: Record<string, unknown> } | null {
      if (last?.who !== member.who || last.size !== size) return null
      return JSON.stringify(last.questions) === JSON.stringify(member.questions) ? last : null
    },

    /** A member was committed. */
    note(member: Last): void {
      last = member
    },

    /** Something else was committed, or nobody knows. */
    end(): void {
      last = null
    },
  }
}

export type Series = ReturnType<typeof makeSeries>
