import { failureForOwner } from '../delivery/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

/** To whoever owns a workspace whose messages do not arrive. None once a later one has arrived. */
export const compose: Composer<'integration_failing'> = async (
  db,
  workspaceId,
  { deliveryId, userId },
  { publicUrl },
) => {
  const [failure] = await failureForOwner(db, workspaceId, deliveryId, userId)
  if (!failure) return null
  const { name, kind, integrationId, workspaceName, attempts, message, email } = failure
  const tries = attempts === 1 ? 'one try' : `${attempts} tries`
  return mailOf({
    to: email,
    subject: `Messages to "${name}" do not arrive`,
    paragraphs: [
      `Candor has given up a message to the integration "${name}" (${integrationId}, ${kind}) of the workspace "${workspaceName}", after ${tries}. What came of the last one: ${message}`,
      'Later messages are sent as before. Look where they go, and send a test message. You get no other mail about this integration until one has arrived.',
    ],
    link: { label: 'This integration', url: `${publicUrl}/integrations/${integrationId}/edit` },
    reason: 'You get this because you own this workspace.',
  })
}
