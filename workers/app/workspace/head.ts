import type { LogFinding } from '../../../shared/domain/finding.ts'
import { AppError } from '../../../shared/errors.ts'

/** How far a log has come. `range` is the joined compact range after its newest leaf. */
export interface Head {
  size: number
  range: Uint8Array
  /** When the newest entry was made: times of a log never go back. Unix milliseconds. */
  at: number
}

/** The head after a batch that was sent, and of which no answer has come back yet. */
type Pending = Head

const EMPTY: Head = { size: 0, range: new Uint8Array(), at: 0 }
/** Batches whose end is unknown, for one place in the log. More than this in a row, and D1 is gone anyway. */
const MAX_PENDING = 16

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])
export const sameHead = (a: Head, b: Head) => a.size === b.size && sameBytes(a.range, b.range)

/** The newest row of a log, if it has one. */
type InD1 = { seq: number; range: Uint8Array; at: number | null } | undefined

/** How D1's end of a log differs from the copy. Of another end at the same size, the last entry at least can be said. */
function endFinding(mine: Head, found: Head): LogFinding {
  if (found.size < mine.size) return { verdict: 'truncated', entry: found.size }
  if (found.size > mine.size) return { verdict: 'added', entry: mine.size }
  return { verdict: 'altered', entry: Math.max(mine.size - 1, 0) }
}

const logMismatch = (finding: LogFinding) => console.error(JSON.stringify({ event: 'audit.tampered', ...finding }))

export const headIn = (inD1: InD1): Head => (inD1 ? { size: inD1.seq + 1, range: inD1.range, at: inD1.at ?? 0 } : EMPTY)

/** How long the copy may lag behind a commit. Until then the pending head tells a crash that D1 is right. */
const STORE_AFTER_MS = 50

/**
 * The object's own copy of its log's head, kept apart from D1, so that a log whose tail was cut or replaced in D1 is
 * found at the next mutation. Written ahead: what is about to be committed is noted before the batch is sent, because
 * a crash between the commit and its answer leaves D1 one batch ahead of the copy.
 *
 * The platform holds back whatever an object sends until its writes are durable (the output gate), the batch to D1
 * included: so `sending` needs no waiting of its own. What `committed` says is stored with the next `sending`, or a
 * moment later; a crash before that finds D1 at the pending head, which `settle` adopts. So a change costs one write of
 * the copy, and its answer waits for none.
 */
export function keepHead(storage: DurableObjectStorage, onMismatch: (finding: LogFinding) => void = logMismatch) {
  // In memory as well, since nobody else writes them: a change would read them from storage several times.
  let mine = storage.kv.get<Head>('head') ?? EMPTY
  let pending = storage.kv.get<Pending[]>('pending') ?? []
  let timer: ReturnType<typeof setTimeout> | null = null

  /** Both in one transaction: nothing is awaited in between. */
  function store(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    storage.kv.put('head', mine)
    storage.kv.put('pending', pending)
  }

  const isPending = (head: Head) => pending.some((sent) => sameHead(sent, head))

  /** D1 has this head. */
  function committed(head: Head): void {
    mine = head
    pending = []
    timer ??= setTimeout(store, STORE_AFTER_MS)
  }

  /** What is wrong with the end of the log in D1, or null: it is the copy, or a head that was announced. */
  function mismatch(inD1: InD1): LogFinding | null {
    const found = headIn(inD1)
    return sameHead(found, mine) || isPending(found) ? null : endFinding(mine, found)
  }

  return {
    committed,
    mismatch,

    /** The head that this object knows, without asking D1. */
    own: () => mine,

    /** Whether the end of a batch is not known. */
    isUnsettled: () => pending.length > 0,

    /** The copy, after a batch whose answer was lost when that is what D1 has. */
    catchUp(inD1: InD1): Head {
      const found = headIn(inD1)
      if (!isPending(found)) return mine
      committed(found)
      return found
    },

    /** Settles the copy against what D1 says. Throws `log_tampered` when D1's head is neither the copy nor a pending one. */
    settle(inD1: InD1): Head {
      const found = headIn(inD1)
      const finding = mismatch(inD1)
      if (finding) {
        // What the copy says counts now: it must not be lost with this object's memory.
        if (timer !== null) store()
        onMismatch(finding)
        throw new AppError(
          'log_tampered',
          'This audit log does not match its own copy. Nothing can be changed until an operator has looked into it.',
        )
      }
      if (!sameHead(found, mine)) committed(found)
      return found
    },

    /** Notes a head that is about to be sent. */
    sending(head: Head): void {
      pending = [...pending, head].slice(-MAX_PENDING)
      store()
    },

    /** The log has ended, and with it this copy: nothing of it is stored any more. */
    forget(): void {
      if (timer !== null) clearTimeout(timer)
      timer = null
      mine = EMPTY
      pending = []
    },

    /** The newest batch is certainly not in D1. */
    rolledBack(): void {
      pending = pending.slice(0, -1)
      store()
    },
  }
}

export type HeadKeeper = ReturnType<typeof keepHead>

/**
 * The same keeper for the one change that takes D1's end of the log as it is. What it accepts is never noted by itself: the
 * copy moves with the entry that says so, or not at all.
 */
export const accepting = (head: HeadKeeper, accepted: Head): HeadKeeper => ({
  ...head,
  settle: (inD1) => (sameHead(headIn(inD1), accepted) ? accepted : head.settle(inD1)),
})
