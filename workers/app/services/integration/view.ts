import type { IntegrationView } from '../../../../shared/contracts/integration.ts'
import { integrationColumns } from '../../db/schema/integration.ts'
import { represent } from '../represent.ts'
import type { IntegrationRow } from './rows.ts'

export const integrationView = (row: IntegrationRow): IntegrationView => represent(integrationColumns, row)
