import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ROLES } from '../../../../shared/contracts/common.ts'
import type { Classified } from '../columns.ts'

export const membership = sqliteTable(
  'membership',
  {
    workspaceId: text('workspace_id').notNull(),
    userId: text('user_id').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.userId] })],
)

export const membershipColumns = {
  workspaceId: 'hidden',
  userId: 'hidden',
  role: 'plain',
  createdAt: 'time',
} as const satisfies Classified<typeof membership>
