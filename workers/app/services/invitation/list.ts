import { PageRequest } from '../../../../shared/contracts/common.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { invitationPage } from './rows.ts'
import { invitationWithEmail } from './view.ts'

/** Those that wait, and those that have expired. */
export const listInvitations = query({
  name: 'invitation.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/invitations',
  input: PageRequest,
  load: (db, { workspaceId }, { cursor, limit }) => ({
    invitations: invitationPage(db, workspaceId, decodeCursor(cursor), limit + 1),
  }),
  answer: (_context, { limit }, { invitations }) =>
    toPage(invitations, limit, invitationWithEmail, (row) => [row.createdAt, row.id]),
})
