import { ById } from '../../../../shared/contracts/common.ts'
import { query } from '../query.ts'
import { deliveryById } from './rows.ts'
import { deliveryView } from './view.ts'

/** How one message went, by the id of its effect; null while nothing is known of it. */
export const getDelivery = query({
  name: 'delivery.get',
  scope: 'read',
  role: 'viewer',
  input: ById('outbox'),
  load: (db, { workspaceId }, { id }) => ({ deliveries: deliveryById(db, workspaceId, id) }),
  answer: (_context, _input, { deliveries: [delivery] }) => (delivery ? deliveryView(delivery) : null),
})
