import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Classified } from '../columns.ts'

export const statusPage = sqliteTable(
  'status_page',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    title: text('title').notNull(),
    /** Unique over all workspaces: it is part of a public address. */
    slug: text('slug').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const statusPageColumns = {
  workspaceId: 'hidden',
  id: 'plain',
  title: 'plain',
  slug: 'plain',
  createdAt: 'time',
  updatedAt: 'time',
} as const satisfies Classified<typeof statusPage>

export const statusPageMonitor = sqliteTable(
  'status_page_monitor',
  {
    workspaceId: text('workspace_id').notNull(),
    statusPageId: text('status_page_id').notNull(),
    monitorId: text('monitor_id').notNull(),
    position: integer('position').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.statusPageId, table.monitorId] })],
)
