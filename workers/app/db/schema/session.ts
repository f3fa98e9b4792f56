import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A signed-in browser, by the SHA-256 of its token. Times in Unix milliseconds. */
export const session = sqliteTable('session', {
  hash: text('hash').primaryKey(),
  userId: text('user_id').notNull(),
  /** The one workspace that it is in; whether its person belongs there is asked each time. */
  workspaceId: text('workspace_id').notNull(),
  /** What the provider had verified when it began, normalised: what invitations are compared with. */
  email: text('email'),
  /** SHA-256 of the sign-in attempt's state: unique, so that a callback is answered once. */
  attempt: text('attempt').notNull(),
  provider: text('provider').notNull(),
  /** Which of its person's identities it began with. */
  identityId: text('identity_id').notNull(),
  userAgent: text('user_agent').notNull(),
  createdAt: integer('created_at').notNull(),
  lastSeenAt: integer('last_seen_at').notNull(),
})
