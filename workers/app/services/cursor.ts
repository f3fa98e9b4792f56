import type { Page } from '../../../shared/contracts/common.ts'
import { AppError } from '../../../shared/errors.ts'

/** Keyset cursors: the last row's sort keys, opaque to clients. */
export function encodeCursor(parts: (string | number)[]): string {
  return btoa(JSON.stringify(parts)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The sort keys of a cursor: a number and, where there is one, an id. Throws `bad_request` for anything else. */
export function decodeCursor(cursor: string | undefined): { at: number; id: string } | null {
  if (cursor === undefined) return null
  try {
    const parts: unknown = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
    if (Array.isArray(parts) && Number.isSafeInteger(parts[0]) && typeof (parts[1] ?? '') === 'string')
      return { at: parts[0], id: parts[1] ?? '' }
  } catch {
    // Not base64 or not JSON: the same answer as for any other cursor that is not ours.
  }
  throw new AppError('bad_request', 'This cursor is not one of ours. Start again without it.')
}

/** A page of at most `limit` out of `limit + 1` rows that were asked for. */
export function toPage<Row, View>(
  rows: Row[],
  limit: number,
  view: (row: Row) => View,
  keys: (row: Row) => (string | number)[],
): Page<View> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { data: shown.map(view), nextCursor: rows.length > limit && last ? encodeCursor(keys(last)) : null }
}
