import { AppError } from '../../../shared/errors.ts'

/** The one row that was asked for. Throws `not_found`, in the same words for another workspace's row and for none. */
export function found<Row>(rows: Row[], noun: string): Row {
  const [row] = rows
  if (row === undefined) throw new AppError('not_found', `There is no such ${noun} in this workspace.`)
  return row
}
