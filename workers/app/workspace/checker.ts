import type { LogFinding } from '../../../shared/domain/finding.ts'
import type { Db } from '../db/client.ts'
import { auditHead } from '../services/log/rows.ts'
import type { Findings } from './finding.ts'
import { type Head, type HeadKeeper, sameHead } from './head.ts'
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
/** A log that is read whole while somebody looks, unless that was done just now. */
const SMALL = 500
const JUST_NOW_MS = 60_000
/** Steps that follow each other leave room for changes in between. */
const PAUSE_MS = 50

/**
 * The log's own check: every night from the first entry on, in steps, and a step further whenever somebody looks; a small
 * log is read whole then. The result is kept; a finding stays until a whole pass comes out right.
 */
export function makeChecker(db: Db, storage: DurableObjectStorage, head: HeadKeeper, findings: Findings) {
  // A version before `begun` has kept none.
  const keptAs = (name: 'checked' | 'pass'): Checked => ({ ...UNCHECKED, ...storage.kv.get<Checked>(name) })
  const kept = () => keptAs('checked')

  async function newestIn(logId: string) {
    const [[newest]] = await db.batch([auditHead(db, logId)])
    return newest
  }

  /** The head up to which the log is checked: further than the copy after a crash, or when an answer was lost. */
  const settled = async (logId: string): Promise<Head> =>
    head.isUnsettled() ? head.catchUp(await newestIn(logId)) : head.own()

  /**
   * Whether the log ends where its writer does: what somebody put behind its end is read by nobody else. A change that
   * was committed meanwhile has seen to it itself.
   */
  async function endFinding(logId: string): Promise<LogFinding | null> {
    const before = head.own()
    const finding = await head.mismatch(await newestIn(logId))
    return sameHead(before, head.own()) ? finding : null
  }

  function keep(logId: string, checked: Checked): void {
    if (checked.finding) findings.noticed(logId, checked.finding, 'pass', checked.at)
    storage.kv.put('checked', { ...checked, finding: null })
  }

  const withFinding = (checked: Checked): Checked => ({ ...checked, finding: findings.current() })

  return {
    async look(logId: string): Promise<LogState> {
      const own = await settled(logId)
      const { size } = own
      const before = size <= SMALL && Date.now() - kept().begun > JUST_NOW_MS ? UNCHECKED : kept()
      if (!findings.current() && before.size < size) keep(logId, await checkOn(db, logId, before, own, STEP))
      return { size, checked: withFinding(kept()) }
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
      const begun = keptAs('pass')
      const own = await settled(logId)
      const step = await checkOn(db, logId, begun, own, STEP)
      if (step.finding === null && step.size < own.size) {
        storage.kv.put('pass', step)
        return { next: now + PAUSE_MS, done: false }
      }
      const finding = step.finding ?? (await endFinding(logId))
      if (finding === null) findings.sound(logId, 'pass')
      keep(logId, { ...step, finding })
      storage.kv.delete('pass')
      storage.kv.put('nextCheck', now + DAY_MS)
      return { next: now + DAY_MS, done: finding === null }
    },

    /** Forgets how far the log was read: another one stands in its place. */
    restart(): void {
      storage.kv.delete('checked')
      storage.kv.delete('pass')
    },
  }
}
