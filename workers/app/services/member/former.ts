import { z } from 'zod'
import type { FormerMember } from '../../../../shared/contracts/member.ts'
import { query } from '../query.ts'
import { formerMembers } from './rows.ts'

const MAX_PEOPLE = 500

/** People whose name the log still has, and who are no members any more: they can be erased. */
export const listFormerMembers = query({
  name: 'member.former',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ people: formerMembers(db, workspaceId, MAX_PEOPLE) }),
  answer: (_context, _input, { people }) =>
    people.map(({ userId, name }): FormerMember => ({ id: userId, name: name ?? userId })),
})
