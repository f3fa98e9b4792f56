import { is, Param, Placeholder, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from './client.ts'

/** The names of values, with their places in a statement. */
export type Placeholders<Values> = { [Name in keyof Values]: Placeholder }

/** What Drizzle's batch asks of a statement. */
interface Runnable {
  getQuery(): { sql: string; params: unknown[] }
  stmt: D1PreparedStatement
  mapResult(response: unknown, isFromBatch?: boolean): unknown
}

/** Where each value goes among a statement's parameters, found out once: Drizzle does it anew each time. */
function fillerOf(params: unknown[]): (values: Record<string, unknown>) => unknown[] {
  const slots = params.map((param) => {
    if (is(param, Placeholder)) return (values: Record<string, unknown>) => values[param.name]
    if (!is(param, Param) || !is(param.value, Placeholder)) return () => param
    const { encoder } = param
    const { name } = param.value
    return (values: Record<string, unknown>) => (values[name] === null ? null : encoder.mapToDriverValue(values[name]))
  })
  return (values) => slots.map((slot) => slot(values))
}

/**
 * A statement that goes out with every change, built once for a database instead of each time: building is more work
 * than hashing and signing together. `build` gets placeholders under the names of the values. Goes out in a batch only.
 */
export function prepared<Values extends Record<string, unknown>, Query extends BatchItem<'sqlite'>>(
  names: (keyof Values & string)[],
  build: (db: Db, values: Placeholders<Values>) => Query,
): (db: Db, values: Values) => Query {
  const built = new WeakMap<Db, { query: Runnable; text: string; fill: ReturnType<typeof fillerOf> }>()
  const placeholders = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Placeholders<Values>

  function builtFor(db: Db) {
    const known = built.get(db)
    if (known) return known
    const query = (build(db, placeholders) as unknown as { _prepare(): Runnable })._prepare()
    const { sql: text, params } = query.getQuery()
    const made = { query, text, fill: fillerOf(params) }
    built.set(db, made)
    return made
  }

  return (db, values) => {
    const { query, text, fill } = builtFor(db)
    const asked = { sql: text, params: fill(values) }
    const filled: Runnable = {
      getQuery: () => asked,
      stmt: query.stmt,
      mapResult: (response, isFromBatch) => query.mapResult(response, isFromBatch),
    }
    return { _prepare: () => filled } as unknown as Query
  }
}

/** What has to hold in a statement, apart from the values in it: the statement is built once for each `holds`. */
export interface Condition {
  holds(db: Db, values: Placeholders<Record<string, unknown>>): SQL
  values: Record<string, unknown>
}

/** As `prepared`, for a statement that has a condition in it. The names of its values are not those of the condition's. */
export function preparedIf<Values extends Record<string, unknown>, Query extends BatchItem<'sqlite'>>(
  names: (keyof Values & string)[],
  build: (db: Db, values: Placeholders<Values>, holds: SQL) => Query,
): (db: Db, values: Values, condition: Condition) => Query {
  const known = new WeakMap<Condition['holds'], (db: Db, values: Record<string, unknown>) => Query>()
  return (db, values, condition) => {
    const { holds } = condition
    const made =
      known.get(holds) ??
      prepared<Record<string, unknown>, Query>([...names, ...Object.keys(condition.values)], (db, all) =>
        build(db, all as Placeholders<Values>, holds(db, all)),
      )
    known.set(holds, made)
    return made(db, { ...values, ...condition.values })
  }
}

/** What is in a workspace under an id. Built once, and goes out in a batch only. */
export function preparedById<Query extends BatchItem<'sqlite'>>(
  build: (db: Db, workspaceId: Placeholder, id: Placeholder) => Query,
): (db: Db, workspaceId: WorkspaceId, id: string) => Query {
  const query = prepared<{ workspaceId: WorkspaceId; id: string }, Query>(
    ['workspaceId', 'id'],
    (db, { workspaceId, id }) => build(db, workspaceId, id),
  )
  return (db, workspaceId, id) => query(db, { workspaceId, id })
}

/** What one workspace has. Built once, and goes out in a batch only. */
export function preparedOf<Query extends BatchItem<'sqlite'>>(
  build: (db: Db, workspaceId: Placeholder) => Query,
): (db: Db, workspaceId: WorkspaceId) => Query {
  const query = prepared<{ workspaceId: WorkspaceId }, Query>(['workspaceId'], (db, { workspaceId }) =>
    build(db, workspaceId),
  )
  return (db, workspaceId) => query(db, { workspaceId })
}

/** Sets of columns whose updates are kept built, for one table: whoever sends changes chooses them. */
const MAX_SETS = 50

/** Sets columns of one row of a workspace. Built once for each set of columns, and goes out in a batch only. */
export function preparedSet<Table extends SQLiteTable>(
  table: Table,
  byId: (workspaceId: Placeholder, id: Placeholder) => SQL | undefined,
) {
  type Update = ReturnType<typeof build>
  const build = (db: Db, columns: Record<string, Placeholder>, workspaceId: Placeholder, id: Placeholder) =>
    db
      .update(table)
      .set(columns as never)
      .where(byId(workspaceId, id))
  const known = new Map<string, (db: Db, values: Record<string, unknown>) => Update>()

  function updateOf(names: string[]) {
    const key = names.join()
    const made =
      known.get(key) ??
      prepared<Record<string, unknown>, Update>(['$workspaceId', '$id', ...names], (db, values) => {
        const { $workspaceId, $id, ...columns } = values
        return build(db, columns, $workspaceId as Placeholder, $id as Placeholder)
      })
    if (known.size >= MAX_SETS) known.clear()
    known.set(key, made)
    return made
  }

  return (db: Db, workspaceId: WorkspaceId, id: string, values: Record<string, unknown>): Update => {
    const set = Object.entries(values).filter(([, value]) => value !== undefined)
    return updateOf(set.map(([name]) => name))(db, {
      ...Object.fromEntries(set),
      $workspaceId: workspaceId,
      $id: id,
    })
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
