import { type Column, type SQL, sql } from 'drizzle-orm'

/** A column that has one of these values: one bound parameter for all of them, because D1 allows a statement 100. */
export const among = (column: Column, values: string[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`
