import type { Context } from 'hono'
import { RATE_LIMITS, type RateLimitName } from '../../../../shared/domain/rate-limits.ts'
import { AppError } from '../../../../shared/errors.ts'
import { logFault } from '../../../../shared/fault.ts'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'
import { clientOf } from '../run.ts'
import { addressKey } from './address-key.ts'

type C = Context<Edge>

const WAIT_MS = 1000

/** How a limit stands in `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10). */
export const policyOf = (c: C, name: RateLimitName): string => {
  const { name: policy, limit, period } = RATE_LIMITS[name]
  return `"${policy}";q=${limit * configOf(c.env).rateLimitTimes};w=${period}`
}

/** Whether there is room. A limiter that fails or does not answer stops nobody: the operator's log says that it counts nothing. */
async function hasRoom(c: C, name: RateLimitName, key: string): Promise<boolean> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new DOMException('It does not answer.', 'TimeoutError')), WAIT_MS)
  try {
    return (await Promise.race([c.env[RATE_LIMITS[name].binding].limit({ key }), late.promise])).success
  } catch (error) {
    logFault('rate_limit.failed', error, { limit: RATE_LIMITS[name].name })
    return true
  } finally {
    clearTimeout(timer)
  }
}

/** Counts a request. Throws `rate_limited`, with the headers that say when to try again, where there were too many. */
export async function count(c: C, name: RateLimitName, key: string): Promise<void> {
  if (await hasRoom(c, name, key)) return
  const { name: policy, period, says } = RATE_LIMITS[name]
  c.header('Retry-After', String(period))
  c.header('RateLimit-Policy', policyOf(c, name))
  c.header('RateLimit', `"${policy}";r=0;t=${period}`)
  throw new AppError('rate_limited', `${says} Wait a minute and try again.`)
}

/** Counts by the address that a request came from. */
export async function countAddress(c: C, name: AddressLimit): Promise<void> {
  const { ip } = clientOf(c)
  if (ip !== null) await count(c, name, addressKey(ip))
  // On one machine nobody vouches for an address.
  else if (RATE_LIMITS[name].unknown === 'together') await count(c, name, 'unknown')
}

/** Limits that are counted by address. */
export type AddressLimit = {
  [N in RateLimitName]: (typeof RATE_LIMITS)[N]['by'] extends 'address' ? N : never
}[RateLimitName]
