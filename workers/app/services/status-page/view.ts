import type { StatusPageView } from '../../../../shared/contracts/status-page.ts'
import { statusPageColumns } from '../../db/schema/status-page.ts'
import { represent } from '../represent.ts'
import type { StatusPageRow } from './rows.ts'

export function statusPageView(row: StatusPageRow, monitorIds: string[]): StatusPageView {
  return { ...represent(statusPageColumns, row), monitorIds }
}
