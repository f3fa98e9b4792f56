import type { ApiKeyView } from '../../../../shared/contracts/api-key.ts'
import { type apiKey, apiKeyColumns } from '../../db/schema/api-key.ts'
import { represent } from '../represent.ts'

export const apiKeyView = (row: typeof apiKey.$inferSelect): ApiKeyView => represent(apiKeyColumns, row)
