import { AppError } from '../../../shared/errors.ts'

interface Waiting<Item, Answer> {
  item: Item
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Groups of waiting items, one group at a time, in the order of arrival. An object's input gate is no turn: it closes for
 * the object's own storage, not while D1 is awaited, and without turns nearly all parallel changes would meet a moved
 * head. `take` says how many of the waiting items may go together, at least one; `run` answers them in their order.
 */
export function makeQueue<Item, Answer>(
  capacity: number,
  take: (waiting: Item[]) => number,
  run: (group: Item[]) => Promise<Answer[]>,
) {
  const waiting: Waiting<Item, Answer>[] = []
  let running = false

  async function work(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const group = waiting.splice(0, take(waiting.map(({ item }) => item)))
      try {
        const answers = await run(group.map(({ item }) => item))
        for (const [i, { resolve }] of group.entries()) resolve(answers[i] as Answer)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    running = false
  }

  return (item: Item): Promise<Answer> => {
    if (waiting.length >= capacity)
      throw new AppError('busy', 'Too many changes are waiting in this workspace. Try again in a moment.')
    return new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!running) void work()
    })
  }
}
