import { env } from 'cloudflare:workers'
import type { Env } from '../../workers/app/bindings.ts'

export interface Ran {
  sql: string
  /** Rows that the database has read for it; null where D1 does not say. */
  rowsRead: number | null
}

const RUNS = ['all', 'raw', 'first', 'run']

/** The environment with a database that notes every statement that runs, and how many rows it read. */
export function watchedDatabase(): { env: Env; ran: Ran[] } {
  const ran: Ran[] = []
  const known = new WeakMap<object, { statement: D1PreparedStatement; sql: string }>()

  function watched(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
    const proxy = new Proxy(statement, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...values: unknown[]) => {
          const answer: unknown = method.apply(target, values)
          if (name === 'bind') return watched(answer as D1PreparedStatement, sql)
          if (RUNS.includes(String(name))) ran.push({ sql, rowsRead: null })
          return answer
        }
      },
    })
    known.set(proxy, { statement, sql })
    return proxy
  }

  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => watched(target.prepare(sql), sql)
      if (name !== 'batch') return Reflect.get(target, name)
      return async (statements: D1PreparedStatement[]) => {
        const real = statements.map((one) => known.get(one) ?? { statement: one, sql: '' })
        const results = await target.batch(real.map(({ statement }) => statement))
        for (const [i, { sql }] of real.entries()) ran.push({ sql, rowsRead: results[i]?.meta.rows_read ?? null })
        return results
      }
    },
  })
  return { env: { ...env, DB }, ran }
}
