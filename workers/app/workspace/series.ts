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
  /** What the answers to its questions are since then, when that was read. */
  answers: unknown[] | null
}

function whoIs(credential: Credential): string | null {
  if (credential.type === 'session') return `session:${credential.hash}`
  return credential.type === 'api_key' ? `api_key:${credential.keyId}` : null
}

/**
 * What a change is to a series; null for what is always asked for anew. Only verbs that say what they touch depend on
 * nothing but rows behind the gates of their workspace's log (test/workspace/series.test.ts).
 */
export function memberOf({ request, verb, wrong }: Prepared, { reads, salt }: Asked): Member | null {
  const who = whoIs(request.credential)
  const questions = reads.map(({ question }) => question)
  if (who === null || wrong || !verb.touches || salt.length > 0 || questions.some((one) => one === null)) return null
  return { who, questions: questions as string[] }
}

/**
 * Changes by one credential, one after the other, that ask the same: an import, a script, somebody who turns the same thing
 * on and off. From the second on, a change of a series asks its questions once more at the end of its own batch, when its
 * writes are done. The next one is decided on these answers and saves a round trip. That is no guess: its batch aborts
 * unless the log ends where it did, and behind the gates nothing changes while it does.
 */
export function makeSeries() {
  let last: Last | null = null
  const goesOn = ({ who, questions }: Member) =>
    last !== null && last.who === who && JSON.stringify(last.questions) === JSON.stringify(questions)

  return {
    goesOn,

    /** What a member is decided on, when that is known of a log of this size. */
    answersTo: (member: Member, size: number): { caller: unknown; answers: unknown[] } | null =>
      last?.answers && last.size === size && goesOn(member) ? { caller: last.caller, answers: last.answers } : null,

    /** A member was committed. `answers`: to its questions, after its writes. */
    note(next: Last): void {
      last = next.questions.length === 0 ? { ...next, answers: [] } : next
    },

    /** Something else was committed, or nobody knows. */
    end(): void {
      last = null
    },
  }
}

export type Series = ReturnType<typeof makeSeries>
