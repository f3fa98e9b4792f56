import { nextDue, phaseSeconds } from './due.ts'
import type { Watched } from './store.ts'

/** When each monitor of an object is due, Unix milliseconds, by its id. */
export class DueTimes extends Map<string, number> {
  readonly #objectName: string

  constructor(objectName: string) {
    super()
    this.#objectName = objectName
  }

  /** The first of its times after a moment. */
  plan(watched: Watched, after: number): this {
    const { slot, monitor } = watched
    const phase = phaseSeconds(this.#objectName, slot, monitor.intervalSeconds)
    this.set(monitor.id, nextDue(phase, monitor.intervalSeconds, after))
    return this
  }

  /** Sooner, when it is to be checked again. */
  recheck({ monitor, state }: Watched): void {
    if (state.recheckAt === null) return
    this.set(monitor.id, Math.min(this.get(monitor.id) ?? state.recheckAt, state.recheckAt))
  }
}
