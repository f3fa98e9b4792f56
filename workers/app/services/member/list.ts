import { PageRequest } from '../../../../shared/contracts/common.ts'
import { decodeCursor, toPage } from '../cursor.ts'
import { query } from '../query.ts'
import { memberPage } from './rows.ts'
import { memberWithName } from './view.ts'

export const listMembers = query({
  name: 'member.list',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/members',
  input: PageRequest,
  load: (db, { workspaceId }, { cursor, limit }) => ({
    members: memberPage(db, workspaceId, decodeCursor(cursor), limit + 1),
  }),
  answer: (_context, { limit }, { members }) =>
    toPage(members, limit, memberWithName, (row) => [row.createdAt, row.userId]),
})
