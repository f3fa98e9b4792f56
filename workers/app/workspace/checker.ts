import type { Db } from '../db/client.ts'
import { auditHead } from '../services/log/rows.ts'
import type { Head, HeadKeeper } from './head.ts'
import { type Checked, checkOn, UNCHECKED } from './self-check.ts'

/** What a log says of itself. */
export interface LogState {
  /** Entries that the writer knows of. */
  size: number
  checked: Checked
}

const DAY_MS = 86_400_000
/** Entries of one step: two rows read each, and a step takes well under a second. */
const STEP = 1000
/** Steps that follow each other leave room for changes in between. */
const PAUSE_MS = 50

/**
 * The log's own check: every night from the first entry on, in steps, and a step further whenever somebody looks. The
 * result is kept; a finding stays until a whole pass comes out right.
 */
export function makeChecker(db: Db, storage: DurableObjectStorage, head: HeadKeeper) {
  const kept = () => storage.kv.get<Checked>('checked') ?? UNCHECKED

  /** The head up to which the log is checked: one batch further when its answer was lost. */
  async function settled(logId: string): Promise<Head> {
    if (!head.isUnsettled()) return head.own()
    const [[newest]] = await db.batch([auditHead(db, logId)])
    return head.catchUp(newest)
  }

  function keep(logId: string, checked: Checked): void {
    if (checked.finding && !kept().finding)
      console.error(JSON.stringify({ event: 'audit.tampered', logId, ...checked.finding }))
    storage.kv.put('checked', checked)
  }

  return {
    async look(logId: string): Promise<LogState> {
      const before = kept()
      const own = await settled(logId)
      const { size } = own
      if (before.finding || before.size >= size) return { size, checked: before }
      const checked = await checkOn(db, logId, before, own, STEP)
      keep(logId, checked)
      return { size, checked }
    },

    /** A step of the nightly pass when it is due. Answers when to come again, and whether a pass has just come out right. */
    async nightly(logId: string, now: number): Promise<{ next: number; done: boolean }> {
      const due = storage.kv.get<number>('nextCheck')
      if (due === undefined) {
        // Spread over the day, so that not all logs of a deployment are read in one minute.
        const first = now + Math.floor(Math.random() * DAY_MS)
        storage.kv.put('nextCheck', first)
        return { next: first, done: false }
      }
      if (due > now) return { next: due, done: false }
      const begun = storage.kv.get<Checked>('pass') ?? UNCHECKED
      const own = await settled(logId)
      const step = await checkOn(db, logId, begun, own, STEP)
      if (step.finding === null && step.size < own.size) {
        storage.kv.put('pass', step)
        return { next: now + PAUSE_MS, done: false }
      }
      keep(logId, step)
      storage.kv.delete('pass')
      storage.kv.put('nextCheck', now + DAY_MS)
      return { next: now + DAY_MS, done: step.finding === null }
    },
  }
}
