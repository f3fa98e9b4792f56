import type { Mail, MailKind, MailOf } from '../../../../shared/domain/mail.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'

export interface Place {
  /** Origin of the dashboard, for links. */
  publicUrl: string
}

/**
 * Writes the mail of a request, when it goes out: null when it is not to be sent any more. The same rows make the same
 * mail, so that a repeat is one: it says nothing of the moment.
 */
export type Composer<K extends MailKind> = (
  db: Db,
  workspaceId: WorkspaceId,
  request: MailOf<K>,
  place: Place,
) => Promise<Mail | null>
