import type { Credential } from '../services/context.ts'
import type { Asked, Prepared } from './load.ts'

/** What one change is decided on, and whom and what that is about. */
export interface Decided {
  /** Whose it is, and what it asks. */
  key: string
  /** Names of what it depends on or changes. */
  touches: string[]
}

/** A change that was made. `touches`: null when it may have changed anything. */
export interface Made {
  action: string
  touches: string[] | null
  /** It has made something new: what counts such things counts one more. */
  creates: boolean
}

interface Known extends Decided {
  action: string
  caller: unknown
  /** What its `load` answers since then. */
  rows: Record<string, unknown>
}

/** Enough for whoever works in a workspace at the same time. */
const MAX_KNOWN = 200

/** Who asks, and what has to be unchanged for them to be who they were, besides what stands behind no name. */
function whoIs(credential: Credential): Decided | null {
  if (credential.type === 'session') return { key: `session:${credential.hash}`, touches: [] }
  return credential.type === 'api_key' ? { key: `api_key:${credential.keyId}`, touches: [credential.keyId] } : null
}

/**
 * What a change is decided on; null for what is always asked for anew. Only verbs that say what they touch depend on
 * nothing but rows behind the gates of their workspace's log (test/workspace/known.test.ts).
 */
export function decidedOn({ request, verb, input, wrong }: Prepared, { reads }: Asked): Decided | null {
  const who = whoIs(request.credential)
  const questions = reads.map(({ question }) => question)
  if (who === null || wrong || !verb.touches || questions.includes(null)) return null
  return {
    key: JSON.stringify([who.key, verb.action, ...questions]),
    touches: [...verb.touches(input), ...who.touches],
  }
}

/**
 * What the only writer of a workspace knows of its rows. A verb that can says what its questions are answered with once its
 * writes are done (`rowsAfter`). The next change by the same credential that asks the same need not ask, and saves a round
 * trip. That is no guess: its batch aborts unless the log ends where it did, behind the gates nothing changes while it
 * does, and every change since then has touched something else.
 */
export function makeKnown() {
  const known = new Map<string, Known>()
  /** Entries of the log that all of it is about. */
  let size = 0

  const isTouched = (one: Known, { action, touches, creates }: Made) =>
    touches === null || touches.some((name) => one.touches.includes(name)) || (creates && one.action === action)

  return {
    /** What a change is decided on, when that is known of a log of this size. */
    basisOf: ({ key }: Decided, at: number): { caller: unknown; rows: Record<string, unknown> } | null =>
      at === size ? (known.get(key) ?? null) : null,

    /** Changes were committed; the log has so many entries now. */
    committed(changes: Made[], after: number): void {
      for (const [key, one] of known) if (changes.some((made) => isTouched(one, made))) known.delete(key)
      size = after
    },

    /** What is known after the newest change. */
    note(one: Known): void {
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(one.key, one)
    },

    /** Nobody knows what was committed. */
    forget(): void {
      known.clear()
    },
  }
}

export type KnownRows = ReturnType<typeof makeKnown>
