import { drizzle } from 'drizzle-orm/d1'

/** Drizzle over a D1 binding. Statements are built with it and sent together through `batch`. */
export function database(d1: D1Database) {
  return drizzle(d1)
}

export type Db = ReturnType<typeof database>
