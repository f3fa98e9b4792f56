import type { SecretView } from '../../../shared/contracts/common.ts'
import type { ColumnClass } from '../db/columns.ts'

type Nullable<T> = null extends T ? null : never

type Represented<Row, Columns extends Record<string, ColumnClass>> = {
  [K in keyof Columns as Columns[K] extends 'hidden' ? never : K]: K extends keyof Row
    ? Columns[K] extends 'time'
      ? string | Nullable<Row[K]>
      : Columns[K] extends 'secret'
        ? SecretView
        : Columns[K] extends 'fingerprints'
          ? Record<string, SecretView>
          : Row[K]
    : never
}

const asSecret = (fingerprint: unknown): SecretView =>
  typeof fingerprint === 'string' ? { set: true, fingerprint } : { set: false }

/**
 * What may be said of a row. One function makes the API's answers and the audit entries' `before` and `after`, from the
 * classes of the schema, so what one of them hides the other hides too.
 */
export function represent<Row extends Record<string, unknown>, Columns extends Record<string, ColumnClass>>(
  columns: Columns,
  row: Row,
): Represented<Row, Columns> {
  const view: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(columns)) {
    const value = row[name]
    if (kind === 'plain') view[name] = value ?? null
    else if (kind === 'time') view[name] = typeof value === 'number' ? new Date(value).toISOString() : null
    else if (kind === 'secret') view[name] = asSecret(row[`${name}Fingerprint`])
    else if (kind === 'fingerprints')
      view[name] = Object.fromEntries(Object.entries(value ?? {}).map(([field, print]) => [field, asSecret(print)]))
  }
  return view as Represented<Row, Columns>
}
