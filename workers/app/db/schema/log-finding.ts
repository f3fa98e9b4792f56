import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { LogVerdict } from '../../../../shared/domain/finding.ts'

/** That the log of a workspace does not verify; no row while it does. The workspace object writes it. */
export const logFinding = sqliteTable('log_finding', {
  workspaceId: text('workspace_id').primaryKey(),
  verdict: text('verdict').$type<LogVerdict>().notNull(),
  /** The first entry that is not right. */
  entry: integer('entry').notNull(),
  /** Unix milliseconds. */
  foundAt: integer('found_at').notNull(),
})
