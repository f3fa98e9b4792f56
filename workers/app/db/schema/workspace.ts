import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { PLANS } from '../../../../shared/contracts/common.ts'
import { bytes, type Classified } from '../columns.ts'

export const workspace = sqliteTable('workspace', {
  workspaceId: text('workspace_id').primaryKey(),
  name: text('name').notNull(),
  plan: text('plan', { enum: PLANS }).notNull(),
  slug: text('slug'),
  createdAt: integer('created_at').notNull(),
  /** When it ends, Unix milliseconds; null unless its owner has deleted it. */
  endsAt: integer('ends_at'),
  /** When its owner was told that its monitors will be paused, because nobody uses it (shared/domain/idle.ts). */
  pauseToldAt: integer('pause_told_at'),
  /** When its owner was told once more. */
  pauseRemindedAt: integer('pause_reminded_at'),
})

export const workspaceColumns = {
  workspaceId: 'hidden',
  name: 'plain',
  plan: 'plain',
  slug: 'plain',
  createdAt: 'time',
  endsAt: 'time',
  pauseToldAt: 'hidden',
  pauseRemindedAt: 'hidden',
} as const satisfies Classified<typeof workspace>

/** Salt of a key epoch. Deleting it shreds whatever the workspace sealed under that epoch. */
export const workspaceKey = sqliteTable(
  'workspace_key',
  {
    workspaceId: text('workspace_id').notNull(),
    epoch: integer('epoch').notNull(),
    salt: bytes('salt').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.epoch] })],
)
