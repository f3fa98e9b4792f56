import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { invitationById } from './rows.ts'
import { invitationWithEmail } from './view.ts'

export const getInvitation = query({
  name: 'invitation.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/invitations/:id',
  input: ById('invitation'),
  load: (db, { workspaceId }, { id }) => ({ invitation: invitationById(db, workspaceId, id) }),
  answer: (_context, _input, rows) => invitationWithEmail(found(rows.invitation, 'invitation')),
})
