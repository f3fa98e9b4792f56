import { describe, expect, test } from 'vitest'
import { makeQueue } from '../../workers/app/workspace/queue.ts'

/** Groups that end when the test says so. */
function groups() {
  const begun: string[][] = []
  const ends: PromiseWithResolvers<void>[] = []
  const run = async (group: string[]) => {
    begun.push(group)
    const end = Promise.withResolvers<void>()
    ends.push(end)
    await end.promise
    return group.map((item) => item.toUpperCase())
  }
  return { begun, run, end: (i: number) => ends[i]?.resolve(), fail: (i: number) => ends[i]?.reject(new Error('gone')) }
}

/** Long enough for everything that could begin to have begun. */
const breath = () => new Promise((resolve) => setTimeout(resolve))

describe('changes that wait for their turn', () => {
  test('are made one group at a time, in the order in which they came', async () => {
    const { begun, run, end } = groups()
    const inTurn = makeQueue(10, () => 1, run)
    const answers = ['a', 'b', 'c'].map((item) => inTurn(item))
    for (const i of [0, 1, 2]) {
      await breath()
      expect(begun).toEqual([['a'], ['b'], ['c']].slice(0, i + 1))
      end(i)
    }
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C'])
  })

  test('go together when they may, and each gets its own answer', async () => {
    const { begun, run, end } = groups()
    const inTurn = makeQueue(10, (waiting) => Math.min(waiting.length, 3), run)
    const answers = ['a', 'b', 'c', 'd', 'e'].map((item) => inTurn(item))
    for (const i of [0, 1, 2]) {
      await breath()
      end(i)
    }
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E'])
    expect(begun).toEqual([['a'], ['b', 'c', 'd'], ['e']])
  })

  test('are made although the group before them failed', async () => {
    const { run, end, fail } = groups()
    const inTurn = makeQueue(10, () => 1, run)
    const [failing, following] = [inTurn('a'), inTurn('b')]
    fail(0)
    await expect(failing).rejects.toThrow('gone')
    await breath()
    end(1)
    expect(await following).toBe('B')
  })

  test('are refused as busy when too many wait, and taken again when there is room', async () => {
    const { run, end } = groups()
    const inTurn = makeQueue(2, () => 1, run)
    const [first, second, third] = ['a', 'b', 'c'].map((item) => inTurn(item))
    expect(() => inTurn('d')).toThrow('Too many changes are waiting')
    for (const i of [0, 1, 2]) {
      await breath()
      end(i)
    }
    expect(await Promise.all([first, second, third])).toEqual(['A', 'B', 'C'])
    const later = inTurn('e')
    await breath()
    end(3)
    expect(await later).toBe('E')
  })
})
