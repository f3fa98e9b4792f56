import { fillPlaceholders, type Placeholder, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from './client.ts'

type Placeholders<Values> = { [Name in keyof Values]: Placeholder }

/** What Drizzle's batch asks of a statement. */
interface Runnable {
  getQuery(): { sql: string; params: unknown[] }
  stmt: D1PreparedStatement
  mapResult(response: unknown, isFromBatch?: boolean): unknown
}

/**
 * A statement that goes out with every change, built once for a database instead of each time: building is more work
 * than hashing and signing together. `build` gets placeholders under the names of the values. Goes out in a batch only.
 */
export function prepared<Values extends Record<string, unknown>, Query extends BatchItem<'sqlite'>>(
  names: (keyof Values & string)[],
  build: (db: Db, values: Placeholders<Values>) => Query,
): (db: Db, values: Values) => Query {
  const built = new WeakMap<Db, Runnable>()
  const placeholders = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Placeholders<Values>

  function runnableOf(db: Db): Runnable {
    const known = built.get(db)
    if (known) return known
    const made = (build(db, placeholders) as unknown as { _prepare(): Runnable })._prepare()
    built.set(db, made)
    return made
  }

  return (db, values) => {
    const query = runnableOf(db)
    const { sql: text, params } = query.getQuery()
    const filled: Runnable = {
      getQuery: () => ({ sql: text, params: fillPlaceholders(params, values) }),
      stmt: query.stmt,
      mapResult: (response, isFromBatch) => query.mapResult(response, isFromBatch),
    }
    return { _prepare: () => filled } as unknown as Query
  }
}

/** The same statement, built: Drizzle's batch does not build it again, and two that ask the same have the same `question`. */
export interface Built<Query extends BatchItem<'sqlite'>> {
  statement: Query
  /** Its text and its values; null with a value that JSON does not tell from another. */
  question: string | null
}

/** Builds a statement that goes out in a batch, or not at all when the answer to its question is known. */
export function built<Query extends BatchItem<'sqlite'>>(statement: Query): Built<Query> {
  const query = (statement as unknown as { _prepare(): Runnable })._prepare()
  const { sql: text, params } = query.getQuery()
  const question = params.some((value) => value !== null && typeof value === 'object')
    ? null
    : JSON.stringify([text, params])
  return { statement: { _prepare: () => query } as unknown as Query, question }
}
