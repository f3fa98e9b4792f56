import main from '../../workers/app/main.ts'

/** Longer than any delivery of a test takes. */
const PATIENCE_MS = 15_000

/** The queue of a run: one broker for all files of a lane, which `reset` does not touch. */
const lane = main as typeof main & { rest?: () => Promise<() => void> }

function watched(): () => Promise<() => void> {
  const { queue } = main
  let underway = 0
  let open = true
  main.queue = async (batch, env) => {
    // Of a file that has ended.
    if (!open) return batch.ackAll()
    underway++
    try {
      await queue(batch, env)
    } finally {
      underway--
    }
  }
  return async () => {
    open = false
    for (let ms = 0; underway > 0 && ms < PATIENCE_MS; ms++) await scheduler.wait(1)
    return () => {
      open = true
    }
  }
}

/**
 * Waits until no effect is under way, and lets none begin before what this answers is called. One that loses its database
 * now and then waits for it for minutes, and with it every effect of the files after it.
 */
export function queueAtRest(): Promise<() => void> {
  lane.rest ??= watched()
  return lane.rest()
}
