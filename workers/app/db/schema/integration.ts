import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type Classified, secret } from '../columns.ts'

export const integration = sqliteTable(
  'integration',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    /** Sealed JSON of the provider's config: every field of it is a secret. */
    sealedConfig: secret('sealed_config').notNull(),
    /** Field name → keyed fingerprint. */
    config: text('config', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const integrationColumns = {
  workspaceId: 'hidden',
  id: 'plain',
  kind: 'plain',
  name: 'plain',
  sealedConfig: 'hidden',
  config: 'fingerprints',
  createdAt: 'time',
  updatedAt: 'time',
} as const satisfies Classified<typeof integration>
