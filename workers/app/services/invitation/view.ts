import type { InvitationView, InvitationWithEmail } from '../../../../shared/contracts/invitation.ts'
import { type invitation, invitationColumns } from '../../db/schema/invitation.ts'
import { represent } from '../represent.ts'

/** As an entry of the log has it: without the address. */
export const invitationView = (row: typeof invitation.$inferSelect): InvitationView => represent(invitationColumns, row)

export const invitationWithEmail = (row: typeof invitation.$inferSelect): InvitationWithEmail => ({
  ...invitationView(row),
  email: row.email,
})
