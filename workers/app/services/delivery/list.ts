import { z } from 'zod'
import { ById } from '../../../../shared/contracts/common.ts'
import { query } from '../query.ts'
import { deliveriesOfIncident, deliveriesOfMonitor, lastDeliveries } from './rows.ts'
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

/** What came of the newest message to each integration. */
export const listLastDeliveries = query({
  name: 'delivery.last',
  scope: 'read',
  role: 'viewer',
  input: z.object({}),
  load: (db, { workspaceId }) => ({ deliveries: lastDeliveries(db, workspaceId) }),
  answer: (_context, _input, { deliveries }) => deliveries.map(deliveryView),
})

/** A monitor tells at most as many integrations as a workspace has, of its opening and of its end. */
const MOST_TOLD = 100

/** The messages about one incident, and how they went. */
export const deliveriesAbout = query({
  name: 'delivery.of_incident',
  scope: 'read',
  role: 'viewer',
  input: ById('incident'),
  load: (db, { workspaceId }, { id }) => ({ deliveries: deliveriesOfIncident(db, workspaceId, id, MOST_TOLD) }),
  answer: (_context, _input, { deliveries }) => deliveries.map(deliveryView),
})
