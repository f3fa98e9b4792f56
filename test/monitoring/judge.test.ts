import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../shared/domain/check.ts'
import type { Transition } from '../../shared/domain/schedule.ts'
import { INITIAL, type JudgeState, judge, quorum, RECHECK_MS, verdictOf } from '../../workers/app/monitoring/judge.ts'
import { LIMIT_MS, play, RULES, result, type Seen, START, type Step, stateAfter, stored, told } from './rounds.ts'

const OPEN = 'incident.open'
const RESOLVE = 'incident.resolve'
const rounds = fc
  .array(fc.constantFrom<Seen>('g', 's', 'f', 'f', 'u'), { maxLength: 60 })
  .map((letters) => letters.join(''))

describe('an incident', () => {
  test.each([
    ['ggggg', []],
    ['ff', []],
    ['fff', [`2 ${OPEN}`]],
    ['gfff', [`3 ${OPEN}`]],
    ['ffgff', []],
    ['ffsff', []],
    ['ffgfff', [`5 ${OPEN}`]],
    ['ffuf', [`3 ${OPEN}`]],
    ['ffffff', [`2 ${OPEN}`]],
    ['fffg', [`2 ${OPEN}`]],
    ['fffgg', [`2 ${OPEN}`, `4 ${RESOLVE}`]],
    ['fffgfg', [`2 ${OPEN}`]],
    ['fffgug', [`2 ${OPEN}`, `5 ${RESOLVE}`]],
    ['fffss', [`2 ${OPEN}`, `4 ${RESOLVE}`]],
    ['fffggfff', [`2 ${OPEN}`, `4 ${RESOLVE}`, `7 ${OPEN}`]],
    ['uuuuu', []],
  ])('%s is told as %j', (letters, expected) => {
    expect(told(play(letters))).toEqual(expected)
  })

  test('opens at the third failed round in a row and resolves at the second good one, whatever comes between', () => {
    fc.assert(
      fc.property(rounds, (letters) => {
        let failed = 0
        let good = 0
        let open = false
        const expected = [...letters].flatMap((seen, i) => {
          if (seen === 'u') return []
          failed = seen === 'f' ? failed + 1 : 0
          good = seen === 'f' ? 0 : good + 1
          if (!open && failed === 3) {
            open = true
            return [`${i} ${OPEN}`]
          }
          if (!open || good !== 2) return []
          open = false
          failed = 0
          return [`${i} ${RESOLVE}`]
        })
        expect(told(play(letters))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  test('is the only open one, and is resolved by its own beginning, never before it', () => {
    fc.assert(
      fc.property(rounds, (letters) => {
        let openSince: number | null = null
        for (const { transitions, state } of play(letters)) {
          expect(transitions.length).toBeLessThanOrEqual(1)
          for (const transition of transitions) {
            expect(transition.type).toBe(openSince === null ? OPEN : RESOLVE)
            if (transition.type === 'incident.resolve') {
              expect(transition.startedAt).toBe(openSince)
              expect(transition.resolvedAt).toBeGreaterThanOrEqual(transition.startedAt)
            }
            openSince = transition.type === 'incident.open' ? transition.startedAt : null
          }
          expect(state.openSince).toBe(openSince)
          expect(state.status === 'down').toBe(openSince !== null)
        }
      }),
    )
  })

  test('ends no earlier than it began, even when the clock of a probe goes back', () => {
    const down = stateAfter('fff')
    const [first, second] = [result('g', START - 5000), result('g', START - 4000)]
    const { state } = judge(down, [first], RULES, START)
    expect(judge(state, [second], RULES, START + RECHECK_MS).transitions).toEqual([
      { type: RESOLVE, monitorId: RULES.monitorId, startedAt: START, resolvedAt: START },
    ])
  })

  test('began with the first failure and has the evidence of the attempts; it ended with the first good round', () => {
    const steps = play('gfffgg')
    const [open] = steps[3]?.transitions ?? []
    expect(open).toMatchObject({
      type: OPEN,
      startedAt: steps[1]?.at,
      cause: { errorClass: 'connect', status: 0, message: 'f', region: 'local' },
    })
    expect(open?.type === OPEN && open.evidence.map(({ at }) => at)).toEqual([steps[1]?.at, steps[3]?.at])
    expect(steps[5]?.transitions).toMatchObject([{ startedAt: steps[1]?.at, resolvedAt: steps[4]?.at }])
    expect(steps[5]?.state).toEqual({ ...INITIAL, status: 'up', since: steps[4]?.at })
  })
})

describe('a fault of ours', () => {
  test('neither opens nor resolves, and leaves what is known as it is', () => {
    fc.assert(
      fc.property(rounds, (letters) => {
        let before: JudgeState = INITIAL
        for (const { seen, state, transitions } of play(letters)) {
          if (seen === 'u') {
            expect(transitions).toEqual([])
            expect(state).toEqual(stored(before))
          }
          before = state
        }
      }),
    )
  })

  test('in between makes no difference to what follows', () => {
    const outcome = (steps: Step[]) => steps.map(({ state }) => [state.status, state.failures, state.recoveries])
    fc.assert(
      fc.property(rounds, (letters) => {
        const withFaults = play(letters).filter(({ seen }) => seen !== 'u')
        expect(outcome(withFaults)).toEqual(outcome(play(letters.replaceAll('u', ''))))
      }),
    )
  })
})

describe('a slow monitor', () => {
  test.each([
    ['s', 'up'],
    ['ss', 'degraded'],
    ['gs', 'up'],
    ['gss', 'degraded'],
    ['gsgsgs', 'up'],
    ['gsus', 'degraded'],
    ['ssg', 'degraded'],
    ['ssgsgsg', 'degraded'],
    ['ssgg', 'up'],
    ['ssfgg', 'up'],
    ['sfs', 'up'],
    ['fffgs', 'degraded'],
    ['fffsg', 'up'],
  ])('is after %s %s', (letters, status) => {
    expect(stateAfter(letters).status).toBe(status)
  })

  test('is never degraded where no limit is set', () => {
    const rules = { ...RULES, degradedAfterMs: null }
    let state: JudgeState = { ...INITIAL, status: 'up' }
    for (let i = 0; i < 5; i++) state = judge(state, [result('s', START + i)], rules, START + i).state
    expect(state.status).toBe('up')
  })

  test('is as fast as its limit says, to the millisecond', () => {
    const at = { ...result('g', START), latencyMs: LIMIT_MS }
    expect(verdictOf([at], LIMIT_MS)).toBe('good')
    expect(verdictOf([{ ...at, latencyMs: LIMIT_MS + 1 }], LIMIT_MS)).toBe('slow')
  })
})

describe('what is stored', () => {
  test.each([
    ['an outage', 'fff', 'f'],
    ['a good time', 'g', 'g'],
    ['a slow time', 'ss', 's'],
    ['a good time after an outage', 'fffgg', 'g'],
  ])('stays equal during %s, so that there is nothing to write', (_name, first, then) => {
    const before = stored(stateAfter(first))
    for (const { state, transitions } of play(then.repeat(20), stateAfter(first))) {
      expect(stored(state)).toEqual(before)
      expect(transitions).toEqual([])
    }
  })

  test('is the same for the same input, and the input is left alone', () => {
    const freeze = (state: JudgeState) => Object.freeze(structuredClone(state))
    fc.assert(
      fc.property(rounds, fc.constantFrom<Seen>('g', 's', 'f', 'u'), (letters, seen) => {
        const state = freeze(stateAfter(letters))
        const round = Object.freeze([Object.freeze(result(seen, START))]) as CheckResult[]
        const copy = structuredClone(state)
        const once = judge(state, round, RULES, START)
        expect(judge(state, round, RULES, START)).toEqual(once)
        expect(state).toEqual(copy)
      }),
    )
  })
})

describe('several regions', () => {
  test.each([
    ['f', 'failed'],
    ['fg', 'slow'],
    ['ff', 'failed'],
    ['fgg', 'slow'],
    ['ffg', 'failed'],
    ['ffgg', 'slow'],
    ['fffgg', 'failed'],
    ['fu', 'failed'],
    ['fuuu', 'failed'],
    ['fguu', 'slow'],
    ['gu', 'good'],
    ['gs', 'slow'],
    ['uu', 'unknown'],
    ['', 'unknown'],
  ])('that see %s say %s', (letters, verdict) => {
    const round = ([...letters] as Seen[]).map((seen, i) => result(seen, START, `region-${i}`))
    expect(verdictOf(round, LIMIT_MS)).toBe(verdict)
  })

  test('take a target for down exactly when more than half of those that could look say so', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Seen>('g', 's', 'f', 'u'), { maxLength: 9 }), (letters) => {
        const round = letters.map((seen, i) => result(seen, START, `region-${i}`))
        const looked = letters.filter((seen) => seen !== 'u')
        const failed = looked.filter((seen) => seen === 'f').length
        expect(verdictOf(round, LIMIT_MS) === 'failed').toBe(failed * 2 > looked.length)
        expect(verdictOf(round.toReversed(), LIMIT_MS)).toBe(verdictOf(round, LIMIT_MS))
      }),
    )
    expect([1, 2, 3, 4, 5].map(quorum)).toEqual([1, 2, 2, 3, 3])
  })

  test('name a region that saw the failure as the cause, never one that did not', () => {
    const round = [result('u', START, 'a'), result('g', START, 'b'), result('f', START, 'c'), result('f', START, 'd')]
    const opened = [0, 1, 2].reduce(({ state }, i) => judge(state, round, RULES, START + i * RECHECK_MS), {
      state: INITIAL,
      transitions: [] as Transition[],
    })
    expect(opened.transitions).toMatchObject([{ type: OPEN, cause: { region: 'c', errorClass: 'connect' } }])
  })
})

describe('a failure', () => {
  test('is looked at again at once, then after a pause, then until it is over', () => {
    const waits = play('gfffgg').map(({ state, at }) => (state.recheckAt === null ? null : state.recheckAt - at))
    expect(waits).toEqual([null, 0, RECHECK_MS, RECHECK_MS, RECHECK_MS, null])
  })

  test('is not confirmed sooner by looking more often, and neither is a recovery', () => {
    const at = (state: JudgeState, seen: Seen, ms: number) =>
      judge(state, [result(seen, START + ms)], RULES, START + ms)
    const twice = at(at(INITIAL, 'f', 0).state, 'f', 100).state
    expect(at(twice, 'f', 200)).toEqual({ state: twice, transitions: [] })
    expect(at(twice, 'f', 100 + RECHECK_MS - 1)).toEqual({ state: twice, transitions: [] })
    const down = at(twice, 'f', 100 + RECHECK_MS)
    expect(down.transitions).toMatchObject([{ type: OPEN, startedAt: START }])
    const better = at(down.state, 'g', 300 + RECHECK_MS).state
    expect(at(better, 'g', 400 + RECHECK_MS)).toEqual({ state: better, transitions: [] })
    const up = at(better, 'g', 300 + 2 * RECHECK_MS)
    expect(up.transitions).toMatchObject([{ type: RESOLVE, resolvedAt: START + 300 + RECHECK_MS }])
    expect(at(twice, 'g', 200).state.failures).toBe(0)
  })

  test('that the next round disproves is forgotten', () => {
    expect(stored(stateAfter('gfg'))).toEqual(stored(stateAfter('g')))
    expect(stored(stateAfter('gffg'))).toEqual(stored(stateAfter('g')))
  })
})
