import { logFault } from '../../../shared/fault.ts'
import type { makeChecker } from './checker.ts'

const DAY_MS = 86_400_000

/** What an object does about its log by itself, on the alarm of its storage. */
export interface Night {
  logId: string
  checker: ReturnType<typeof makeChecker>
  /** After a whole pass that came out right: what is older than it may be goes. */
  tidy(): Promise<void>
}

/** Sets the alarm of an object, unless it rings before. */
export async function wakeAt(storage: DurableObjectStorage, at: number): Promise<void> {
  const alarm = await storage.getAlarm()
  if (alarm === null || alarm > at) await storage.setAlarm(at)
}

/**
 * A step of the log's own check when it is due. Never throws for it: an alarm that throws too often is dropped for ever,
 * so the next one is set first. True after a whole pass that came out right.
 */
export async function nightly(storage: DurableObjectStorage, { logId, checker, tidy }: Night): Promise<boolean> {
  const { next, done } = await checker.nightly(logId, Date.now()).catch((error) => {
    logFault('audit.check_failed', error, { logId })
    return { next: Date.now() + DAY_MS, done: false }
  })
  await wakeAt(storage, next)
  if (done) await tidy()
  return done
}
