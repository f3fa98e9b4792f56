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
}

interface Known extends Decided {
  action: string
  caller: unknown
  /** What its `load` answers since then. */
  rows: Record<string, unknown>
}

/** Rows of one change that are larger are asked for each time: an object has to live with others in 128 MB. */
const MAX_BYTES = 16_384

/** About how much memory rows take. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce((sum: number, one) => sum + bytesOf(one), 0)
}

const nounOf = (action: string) => action.split('.')[0]

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

  const isTouched = (one: Known, { action, touches }: Made) =>
    touches === null ||
    touches.some((name) => one.touches.includes(name)) ||
    // Whoever makes a thing has counted those that there are: another one may be one more, or one fewer.
    one.action === `${nounOf(action)}.create`

  return {
    /** What a change is decided on, when that is known of a log of this size. */
    basisOf: ({ key }: Decided, at: number): { caller: unknown; rows: Record<string, unknown> } | null =>
      at === size ? (known.get(key) ?? null) : null,

    /**
     * Changes were committed after so many entries, and the log has so many now. What is known is of another end when
     * somebody else has written in between: an instance of this object that is in its place, or was in it.
     */
    committed(changes: Made[], before: number, after: number): void {
      if (before !== size) known.clear()
      for (const [key, one] of known) if (changes.some((made) => isTouched(one, made))) known.delete(key)
      size = after
    },

    /** What is known after the newest change. */
    note(one: Known): void {
      if (bytesOf(one.rows) > MAX_BYTES) return
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(one.key, one)
    },

    /** What one change is decided on is to be asked for. */
    drop({ key }: Decided): void {
      known.delete(key)
    },

    /** Nobody knows what was committed. */
    forget(): void {
      known.clear()
    },
  }
}

export type KnownRows = ReturnType<typeof makeKnown>
