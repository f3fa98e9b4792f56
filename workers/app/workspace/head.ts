import { AppError } from '../../../shared/errors.ts'

/** How far a log has come. `range` is the joined compact range after its newest leaf. */
export interface Head {
  size: number
  range: Uint8Array
}

/** The head after a batch that was sent, and of which no answer has come back yet. */
type Pending = Head

const EMPTY: Head = { size: 0, range: new Uint8Array() }
/** Batches whose end is unknown, for one place in the log. More than this in a row, and D1 is gone anyway. */
const MAX_PENDING = 16

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])
const sameHead = (a: Head, b: Head) => a.size === b.size && sameBytes(a.range, b.range)

/**
 * The object's own copy of its log's head, kept apart from D1, so that a log whose tail was cut or replaced in D1 is
 * found at the next mutation. Written ahead: what is about to be committed is noted before the batch is sent, because
 * a crash between the commit and its answer leaves D1 one entry ahead of the copy.
 */
export function keepHead(storage: DurableObjectStorage) {
  const pendings = () => storage.kv.get<Pending[]>('pending') ?? []

  /** D1 has this head. */
  async function committed(head: Head): Promise<void> {
    storage.kv.put('head', head)
    storage.kv.delete('pending')
    await storage.sync()
  }

  return {
    committed,

    /** Settles the copy against what D1 says. Throws `log_tampered` when D1's head is neither the copy nor a pending one. */
    async settle(inD1: { seq: number; range: Uint8Array } | undefined): Promise<Head> {
      const found: Head = inD1 ? { size: inD1.seq + 1, range: inD1.range } : EMPTY
      const mine = storage.kv.get<Head>('head') ?? EMPTY
      if (sameHead(found, mine)) return mine
      if (!pendings().some((sent) => sameHead(sent, found))) {
        console.error(JSON.stringify({ event: 'audit.tampered', mine: mine.size, found: found.size }))
        throw new AppError(
          'log_tampered',
          'The audit log of this workspace does not match its own copy. Nothing can be changed until an operator has looked into it.',
        )
      }
      await committed(found)
      return found
    },

    /** Notes a head that is about to be sent; durable before it returns. */
    async sending(head: Head): Promise<void> {
      storage.kv.put('pending', [...pendings(), head].slice(-MAX_PENDING))
      await storage.sync()
    },

    /** The newest batch is certainly not in D1. */
    rolledBack(): void {
      storage.kv.put('pending', pendings().slice(0, -1))
    },
  }
}
