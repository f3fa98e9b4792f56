import type { Mail, MailKind, MailOf, MailRequest } from '../../../../shared/domain/mail.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { compose as accountEnding } from './account-ending.ts'
import { compose as apiKeyExpiring } from './api-key-expiring.ts'
import { compose as apiKeyLeaked } from './api-key-leaked.ts'
import type { Composer, Place } from './composer.ts'
import { compose as integrationFailing } from './integration-failing.ts'
import { compose as invitation } from './invitation.ts'
import { compose as monitorsPaused } from './monitors-paused.ts'
import { compose as monitorsPausing } from './monitors-pausing.ts'
import { compose as workspaceEnding } from './workspace-ending.ts'

/** Every kind of mail has one who writes it, or this does not compile. */
const COMPOSERS: { [K in MailKind]: Composer<K> } = {
  account_ending: accountEnding,
  api_key_expiring: apiKeyExpiring,
  api_key_leaked: apiKeyLeaked,
  integration_failing: integrationFailing,
  invitation,
  monitors_paused: monitorsPaused,
  monitors_pausing: monitorsPausing,
  workspace_ending: workspaceEnding,
}

/** The mail of a request, by its kind; null when it is not to be sent any more, or is of a kind that was given up. */
export async function composeMail<K extends MailKind>(
  db: Db,
  workspaceId: WorkspaceId,
  request: MailRequest & MailOf<K>,
  place: Place,
): Promise<Mail | null> {
  const compose: Composer<K> | undefined = COMPOSERS[request.kind as K]
  return compose ? compose(db, workspaceId, request, place) : null
}
