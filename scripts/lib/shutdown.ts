/** What does not close in this time is left to the reaper. */
const LIMIT_MS = 5000
const WATCH_MS = 500

type Close = () => unknown

/** The one way in which a command ends: what was opened is closed, last first, then the process exits. */
export function makeShutdown() {
  const closes: Close[] = []
  const parent = process.ppid
  let stopping = false

  async function stop(code: number): Promise<void> {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(code), LIMIT_MS).unref()
    for (const close of closes.toReversed()) {
      try {
        await close()
      } catch {
        // The rest is closed all the same.
      }
    }
    process.exit(code)
  }

  const onSignal = () => void stop(0)

  /**
   * Signals stop cleanly. Called again after somebody else has put handlers of their own: Miniflare's exit with 130.
   * The own handler stays where it is: one that is taken away and put back loses a signal that has just come.
   */
  function takeSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      if (!process.listeners(signal).includes(onSignal)) process.on(signal, onSignal)
      for (const other of process.listeners(signal)) if (other !== onSignal) process.removeListener(signal, other)
    }
  }

  /** Stops when the shell or npm that started this is gone, and when `alive` says no; answers at once. */
  function watch(alive: () => boolean, sentence: string): void {
    setInterval(() => {
      if (process.ppid !== parent) void stop(0)
      else if (!stopping && !alive()) {
        process.stderr.write(`${sentence}\n`)
        void stop(1)
      }
    }, WATCH_MS).unref()
  }

  takeSignals()
  return { onStop: (close: Close) => closes.push(close), stop, stopping: () => stopping, takeSignals, watch }
}
