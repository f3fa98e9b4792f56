import { ById } from '../../../../shared/contracts/common.ts'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { memberById } from './rows.ts'
import { memberWithName } from './view.ts'

export const getMember = query({
  name: 'member.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/members/:id',
  input: ById('user'),
  load: (db, { workspaceId }, { id }) => ({ member: memberById(db, workspaceId, id) }),
  answer: (_context, _input, rows) => memberWithName(found(rows.member, 'member')),
})
