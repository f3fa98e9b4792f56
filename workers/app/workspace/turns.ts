import { AppError } from '../../../shared/errors.ts'

/**
 * One task at a time, in the order of arrival. An object's input gate is no turn: it closes for the object's own
 * storage, not while D1 is awaited, and without turns nearly all parallel mutations would meet a moved head.
 */
export function makeTurns(capacity: number) {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async function inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (waiting >= capacity)
      throw new AppError('busy', 'Too many changes are waiting in this workspace. Try again in a moment.')
    waiting++
    const turn = last.then(task)
    last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      waiting--
    }
  }
}
