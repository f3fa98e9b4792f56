import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { RATE_LIMITS, type RateLimitName } from '../../shared/domain/rate-limits.ts'
import type { Env } from '../../workers/app/bindings.ts'
import type { Answer } from './candor.ts'
import { untouchable } from './untouchable.ts'

/*
 * The limits as a deployment has them. The limiter of one machine counts in minutes of the clock, so a test that falls
 * onto the end of one gets further than the limit, and never less far.
 */
const MINUTE_MS = 60_000
const msLeft = () => MINUTE_MS - (Date.now() % MINUTE_MS)
/** What a test does after a refusal takes less. */
const ENOUGH_MS = 5000

const limiterOf = (name: RateLimitName) =>
  ({ [RATE_LIMITS[name].binding]: Object(env)[`REAL_${RATE_LIMITS[name].binding}`] }) as Partial<Env>

/** Everything as it is, with the real limit. */
export const limitedBy = (name: RateLimitName): Env => ({ ...env, ...limiterOf(name), RATE_LIMIT_TIMES: '1' })

/** Nothing but the limiter, so that a refusal which does more than count is noticed. */
export const onlyLimiter = (name: RateLimitName, vars: Partial<Env> = {}) =>
  untouchable({ ...vars, ...limiterOf(name), RATE_LIMIT_TIMES: '1' })

interface Told {
  status: number
  headers: Headers
}

/**
 * Asks until it is refused, and no more than two minutes can hold. Answers the refusal and how many there were before,
 * with enough of the minute left to look at what is refused besides.
 */
export async function untilRefused<T extends Told>(
  name: RateLimitName,
  again: (attempt: number) => Promise<T>,
): Promise<{ answer: T; before: number }> {
  for (let before = 0; before <= 2 * RATE_LIMITS[name].limit; before++) {
    const answer = await again(before)
    if (answer.status !== 429) continue
    if (msLeft() > ENOUGH_MS) return { answer, before }
    await new Promise((go) => setTimeout(go, msLeft() + 100))
    return untilRefused(name, again)
  }
  throw new Error(`Nothing was refused by ${name}.`)
}

/** A refusal says what limit there is, and when to try again. */
export function expectTold(name: RateLimitName, { answer, before }: { answer: Told; before: number }) {
  const { limit, period, name: policy } = RATE_LIMITS[name]
  expect(before).toBeGreaterThanOrEqual(limit)
  expect(answer.headers.get('retry-after')).toBe(String(period))
  expect(answer.headers.get('ratelimit-policy')).toBe(`"${policy}";q=${limit};w=${period}`)
  expect(answer.headers.get('ratelimit')).toBe(`"${policy}";r=0;t=${period}`)
}

export function expectProblem(name: RateLimitName, { body, headers }: Answer) {
  expect(headers.get('content-type')).toBe('application/problem+json')
  const detail = `${RATE_LIMITS[name].says} Wait a minute and try again.`
  expect(body).toMatchObject({ status: 429, code: 'rate_limited', title: 'Too many requests', detail })
}
