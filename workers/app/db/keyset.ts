import { and, type Column, eq, lt, or, type SQL } from 'drizzle-orm'

/** Rows that come after a cursor in an order by (at, id), both descending; no condition without a cursor. */
export function olderThan(at: Column, id: Column, cursor: { at: number; id: string } | null): SQL | undefined {
  return cursor === null ? undefined : or(lt(at, cursor.at), and(eq(at, cursor.at), lt(id, cursor.id)))
}
