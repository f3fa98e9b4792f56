import type { IncidentView } from '../../../../shared/contracts/incident.ts'
import { incidentColumns } from '../../db/schema/incident.ts'
import { represent } from '../represent.ts'
import type { IncidentRow } from './rows.ts'

export const incidentView = (row: IncidentRow): IncidentView => represent(incidentColumns, row)
