import type { DeliveryView } from '../../../../shared/contracts/integration.ts'
import type { DeliveryRow } from './rows.ts'

export function deliveryView({ workspaceId: _, monitorId: __, ...row }: DeliveryRow): DeliveryView {
  return {
    ...row,
    createdAt: new Date(row.createdAt).toISOString(),
    deliveredAt: row.deliveredAt === null ? null : new Date(row.deliveredAt).toISOString(),
  }
}
