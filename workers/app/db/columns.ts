import { type AnyColumn, type GetColumnData, type InferSelectModel, type SQL, sql, type Table } from 'drizzle-orm'
import { customType } from 'drizzle-orm/sqlite-core'

/** Bytes. D1 answers a BLOB as an array of numbers. */
export const bytes = customType<{ data: Uint8Array; driverData: ArrayBuffer | number[] }>({
  dataType: () => 'blob',
  fromDriver: (value) => new Uint8Array(value),
  toDriver: (value) => value.slice().buffer,
})

/**
 * A column under another name. A batch answers rows as objects, so of two selected columns that share a name one would
 * be lost, without a word.
 */
export const as = <T extends AnyColumn>(name: string, column: T): SQL.Aliased<GetColumnData<T>> =>
  sql<GetColumnData<T>>`${column}`.as(name)

/** A sealed value (workers/app/crypto/sealed.ts). It is never represented: its `…Fingerprint` column is. */
export const secret = bytes

/**
 * How a column is represented, in API answers and in audit entries alike:
 * `plain` as it is · `time` Unix milliseconds as RFC 3339 · `secret` only whether it is set, with the fingerprint from
 * the column of the same name and `Fingerprint` behind it · `fingerprints` a JSON map of field to fingerprint ·
 * `hidden` not at all, because it only serves the machine.
 */
export type ColumnClass = 'plain' | 'time' | 'secret' | 'fingerprints' | 'hidden'

/** A class for every column of a table: a new column does not compile until somebody has decided what may be said of it. */
export type Classified<T extends Table> = Record<keyof InferSelectModel<T>, ColumnClass>
