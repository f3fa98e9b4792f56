import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A person. Not a tenant's row: one person may belong to several workspaces. */
export const user = sqliteTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Verified by the provider, normalised. A contact, never an identity. */
  email: text('email').notNull(),
  createdAt: integer('created_at').notNull(),
  /** When the account ends, Unix milliseconds; null unless its person has deleted it. */
  endsAt: integer('ends_at'),
})

/** Who somebody is: the issuer and its subject (GitHub: the numeric id). */
export const identity = sqliteTable(
  'identity',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    provider: text('provider').notNull(),
    createdAt: integer('created_at').notNull(),
    /** What the provider said when it was last used: to tell several apart, never to find anybody by. */
    name: text('name').notNull(),
    /** Verified by the provider, normalised; null when it has verified none. */
    email: text('email'),
    lastUsedAt: integer('last_used_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.issuer, table.subject] })],
)
