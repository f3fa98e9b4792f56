import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import { monitorColumns } from '../../db/schema/monitor.ts'
import { represent } from '../represent.ts'
import type { MonitorRow } from './rows.ts'

export function monitorView(row: MonitorRow, integrationIds: string[]): MonitorView {
  return { ...represent(monitorColumns, row), integrationIds: integrationIds.toSorted() }
}
