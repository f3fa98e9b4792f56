import { ById } from '../../../../shared/contracts/common.ts'
import { query } from '../query.ts'
import { deliveriesOfMonitor } from './rows.ts'
import { deliveryView } from './view.ts'

/** The newest messages about one monitor, and how they went. */
export const deliveriesOf = query({
  name: 'delivery.of_monitor',
  scope: 'read',
  role: 'viewer',
  input: ById('monitor'),
  load: (db, { workspaceId }, { id }) => ({ deliveries: deliveriesOfMonitor(db, workspaceId, id, 20) }),
  answer: (_context, _input, { deliveries }) => deliveries.map(deliveryView),
})
