import { describe, expect, test } from 'vitest'
import { makeTurns } from '../../workers/app/workspace/turns.ts'

/** A task that ends when the test says so. */
function task(name: string, began: string[]) {
  const end = Promise.withResolvers<string>()
  const run = () => {
    began.push(name)
    return end.promise
  }
  return { run, end }
}

/** Long enough for everything that could begin to have begun. */
const breath = () => new Promise((resolve) => setTimeout(resolve))

describe('changes that wait for their turn', () => {
  test('are made one at a time, in the order in which they came', async () => {
    const inTurn = makeTurns(10)
    const began: string[] = []
    const tasks = ['first', 'second', 'third'].map((name) => task(name, began))
    const answers = tasks.map(({ run }) => inTurn(run))
    for (const [i, { end }] of tasks.entries()) {
      await breath()
      expect(began).toEqual(['first', 'second', 'third'].slice(0, i + 1))
      end.resolve(`answer ${i}`)
    }
    expect(await Promise.all(answers)).toEqual(['answer 0', 'answer 1', 'answer 2'])
  })

  test('are made although the one before them failed', async () => {
    const inTurn = makeTurns(10)
    const began: string[] = []
    const [bad, good] = [task('bad', began), task('good', began)]
    const failing = inTurn(bad.run)
    const following = inTurn(good.run)
    bad.end.reject(new Error('refused'))
    good.end.resolve('made')
    await expect(failing).rejects.toThrow('refused')
    expect(await following).toBe('made')
  })

  test('are refused as busy when too many wait, and taken again when there is room', async () => {
    const inTurn = makeTurns(2)
    const began: string[] = []
    const tasks = ['first', 'second', 'third', 'fourth'].map((name) => task(name, began))
    const [first, second] = tasks.slice(0, 2).map(({ run }) => inTurn(run))
    await expect(inTurn(tasks[2]?.run ?? expect.unreachable())).rejects.toMatchObject({ code: 'busy' })
    for (const { end } of tasks) end.resolve('made')
    expect(await Promise.all([first, second])).toEqual(['made', 'made'])
    expect(await inTurn(tasks[3]?.run ?? expect.unreachable())).toBe('made')
    expect(began).toEqual(['first', 'second', 'fourth'])
  })
})
