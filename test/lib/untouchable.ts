import { env } from 'cloudflare:workers'
import { RATE_LIMITS } from '../../shared/domain/rate-limits.ts'
import type { Env } from '../../workers/app/bindings.ts'

const isBinding = (value: unknown) => value !== null && (typeof value === 'object' || typeof value === 'function')

/** Everything of the environment that is no text: databases, objects, queues, other Workers, rate limiters. */
export const bindingNames = (): string[] =>
  Object.entries(env)
    .filter(([name, value]) => name !== 'TEST_MIGRATIONS' && !name.startsWith('REAL_') && isBinding(value))
    .map(([name]) => name)

/** Rate limiters that have room, and note what was counted: which limit, under which key. */
export function countingLimiters() {
  const counted: { limit: string; key: string }[] = []
  const limiters = Object.values(RATE_LIMITS).map(({ binding, name }) => [
    binding,
    {
      async limit({ key }: { key: string }) {
        counted.push({ limit: name, key })
        return { success: true }
      },
    },
  ])
  return { counted, limiters: Object.fromEntries(limiters) as Partial<Env> }
}

/**
 * The environment with its configuration and without a working binding, but for the rate limiters, which count: whatever
 * is done with another one throws, and is noted, because code may catch what it throws.
 */
export function untouchable(vars: Partial<Env> = {}) {
  const touches: string[] = []
  const { counted, limiters } = countingLimiters()
  const broken = (name: string) => {
    const touch = (trap: string) => (_target: object, property?: unknown) => {
      const what = `${name}: ${trap} ${typeof property === 'string' ? property : ''}`.trim()
      touches.push(what)
      throw new Error(`A binding was touched: ${what}`)
    }
    const traps = ['get', 'set', 'has', 'apply', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor']
    return new Proxy(() => undefined, Object.fromEntries(traps.map((trap) => [trap, touch(trap)])))
  }
  const bindings = Object.fromEntries(bindingNames().map((name) => [name, broken(name)]))
  const all: Env = { ...env, ...bindings, ...limiters, ...vars }
  return {
    env: all,
    touches,
    counted: () => counted.map(({ limit }) => limit),
    keys: () => counted.map(({ key }) => key),
  }
}
