import type { LogFinding } from '../../../shared/domain/finding.ts'
import { AppError } from '../../../shared/errors.ts'
import { commitError } from './commit.ts'
import { makeHeadMac } from './head-mac.ts'

/** How far a log has come. `range` is the joined compact range after its newest leaf. */
export interface Head {
  size: number
  range: Uint8Array
  /** When the newest entry was made: times of a log never go back. Unix milliseconds. */
  at: number
}

const EMPTY: Head = { size: 0, range: new Uint8Array(), at: 0 }
const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])
export const sameHead = (a: Head, b: Head) => a.size === b.size && sameBytes(a.range, b.range)

/** The newest row of a log, if it has one. */
type InD1 = { seq: number; range: Uint8Array; at: number | null; mac: Uint8Array | null } | undefined

/** How D1's end of a log differs from the copy. Of another end at the same size, the last entry at least can be said. */
function endFinding(mine: Head, found: Head): LogFinding {
  if (found.size < mine.size) return { verdict: 'truncated', entry: found.size }
  if (found.size > mine.size) return { verdict: 'added', entry: mine.size }
  return { verdict: 'altered', entry: Math.max(mine.size - 1, 0) }
}

const logMismatch = (finding: LogFinding) => console.error(JSON.stringify({ event: 'audit.tampered', ...finding }))

export const headIn = (inD1: InD1): Head => (inD1 ? { size: inD1.seq + 1, range: inD1.range, at: inD1.at ?? 0 } : EMPTY)

/** The name is from a time in which every head was noted ahead: a crash back then is still told from tampering. */
const ANNOUNCED = 'pending'
/** Batches in a row whose end is unknown. After more than this, D1 is gone anyway. */
const MAX_ANNOUNCED = 16
/** How long the copy may lag behind a commit. */
const STORE_AFTER_MS = 50

interface Surroundings {
  /** The compact range that D1 has after so many entries, at least one; null when it has none there. */
  rangeAfter(size: number): Promise<Uint8Array | null>
  onMismatch?(finding: LogFinding): void
}

/**
 * The object's own copy of its log's head, kept apart from D1, so that a log whose tail was cut or replaced in D1 is
 * found at the next mutation. The copy is stored a moment after a commit: no change waits for it.
 *
 * So D1 may be ahead of the copy: after a crash in that moment, after a batch whose answer was lost, and after the last
 * batch of an instance of this object that the platform had already replaced. Each row carries a MAC of the head that it
 * makes, under a key that only this object's storage has. A head in D1 that has it, and that continues the copy, was made
 * by this object, and is adopted. Anything else was put there by somebody else.
 */
export function keepHead(storage: DurableObjectStorage, { rangeAfter, onMismatch = logMismatch }: Surroundings) {
  const mac = makeHeadMac(storage)
  // In memory as well, since nobody else writes it: a change would read it from storage several times.
  let mine = storage.kv.get<Head>('head') ?? EMPTY
  /** Heads that were noted ahead of sending them: ends that need not continue the copy. */
  let announced = storage.kv.get<Head[]>(ANNOUNCED) ?? []
  let unsettled = true
  let timer: ReturnType<typeof setTimeout> | null = null

  function store(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    storage.kv.put('head', mine)
    if (announced.length > 0) storage.kv.delete(ANNOUNCED)
    announced = []
  }

  /** D1 has this head. */
  function committed(head: Head): void {
    mine = head
    unsettled = false
    // After an end that does not continue the copy, the copy would say nothing of what comes next.
    if (announced.length > 0) store()
    else timer ??= setTimeout(store, STORE_AFTER_MS)
  }

  const isAnnounced = (head: Head) => announced.some((one) => sameHead(one, head))

  /** Whether D1 has been at the copy. */
  async function isContinued(own: Head): Promise<boolean> {
    if (own.size === 0) return true
    const range = await rangeAfter(own.size).catch((error) => {
      throw commitError(error)
    })
    return range !== null && sameBytes(range, own.range)
  }

  /** Whether this object has written what D1 ends with: the copy, its continuation, or what was announced. */
  async function isOurs(inD1: InD1): Promise<boolean> {
    const [own, found] = [mine, headIn(inD1)]
    if (sameHead(found, own) || isAnnounced(found)) return true
    const ours = found.size > own.size && (await mac.fits(found, inD1?.mac ?? null)) && (await isContinued(own))
    // A change was committed meanwhile.
    return own === mine ? ours : isOurs(inD1)
  }

  /** Moves the copy on to what D1 has, which is this object's. */
  function moveTo(found: Head): Head {
    if (found.size > mine.size || isAnnounced(found)) committed(found)
    unsettled = false
    return mine
  }

  return {
    committed,
    /** What is wrong with the end of the log in D1, or null. */
    mismatch: async (inD1: InD1): Promise<LogFinding | null> =>
      (await isOurs(inD1)) ? null : endFinding(mine, headIn(inD1)),

    /** The copy, moved on to what D1 has when that is this object's. */
    catchUp: async (inD1: InD1): Promise<Head> => ((await isOurs(inD1)) ? moveTo(headIn(inD1)) : mine),

    /** The head that this object knows, without asking D1. */
    own: () => mine,

    /** Whether D1 may be ahead of the copy. */
    isUnsettled: () => unsettled,

    /** Settles the copy against what D1 says. Throws `log_tampered` when D1's head is not this object's. */
    async settle(inD1: InD1): Promise<Head> {
      if (await isOurs(inD1)) return moveTo(headIn(inD1))
      // What the copy says counts now: it must not be lost with this object's memory.
      if (timer !== null) store()
      onMismatch(endFinding(mine, headIn(inD1)))
      throw new AppError(
        'log_tampered',
        'This audit log does not match its own copy. Nothing can be changed until an operator has looked into it.',
      )
    },

    /** The MAC of a head that is about to be sent. */
    macOf: (head: Head): Promise<Uint8Array> => mac.of(head),

    /** Notes a head that is about to be sent and does not continue the copy. On disk before it goes out (the output gate). */
    announce(head: Head): void {
      announced = [...announced, head].slice(-MAX_ANNOUNCED)
      storage.kv.put(ANNOUNCED, announced)
    },

    /** The answer to a batch was lost: it may be in D1, and may not. */
    lost(): void {
      unsettled = true
    },

    /** The log has ended, and with it this copy: nothing of it is stored any more. */
    forget(): void {
      if (timer !== null) clearTimeout(timer)
      timer = null
      mine = EMPTY
      mac.forget()
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
  settle: async (inD1) => (sameHead(headIn(inD1), accepted) ? accepted : head.settle(inD1)),
  macOf(next) {
    head.announce(next)
    return head.macOf(next)
  },
})
