import type { MemberView, MemberWithName } from '../../../../shared/contracts/member.ts'
import { type membership, membershipColumns } from '../../db/schema/membership.ts'
import { represent } from '../represent.ts'

type Row = Omit<typeof membership.$inferSelect, 'workspaceId'>

/** As an entry of the log has it: without name and address. */
export const memberView = (row: Row): MemberView => ({ id: row.userId, ...represent(membershipColumns, row) })

export const memberWithName = (row: Row & { name: string; email: string }): MemberWithName => ({
  ...memberView(row),
  name: row.name,
  email: row.email,
})
