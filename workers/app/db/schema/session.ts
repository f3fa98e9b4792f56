import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A signed-in browser, by the SHA-256 of its token. Times in Unix milliseconds. */
export const session = sqliteTable('session', {
  hash: text('hash').primaryKey(),
  userId: text('user_id').notNull(),
  /** SHA-256 of the sign-in attempt's state: unique, so that a callback is answered once. */
  attempt: text('attempt').notNull(),
  provider: text('provider').notNull(),
  userAgent: text('user_agent').notNull(),
  createdAt: integer('created_at').notNull(),
  lastSeenAt: integer('last_seen_at').notNull(),
})
