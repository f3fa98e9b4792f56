import { env } from 'cloudflare:workers'
import type { Env } from '../../workers/app/bindings.ts'

const isBinding = (value: unknown) => value !== null && (typeof value === 'object' || typeof value === 'function')

/** Everything of the environment that is no text: databases, objects, queues, other Workers. */
export const bindingNames = (): string[] =>
  Object.entries(env)
    .filter(([name, value]) => name !== 'TEST_MIGRATIONS' && isBinding(value))
    .map(([name]) => name)

/**
 * The environment with its configuration and without a working binding: whatever is done with one throws, and is noted,
 * because code may catch what it throws.
 */
export function untouchable(vars: Partial<Env> = {}): { env: Env; touches: string[] } {
  const touches: string[] = []
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
  return { env: { ...env, ...bindings, ...vars }, touches }
}
