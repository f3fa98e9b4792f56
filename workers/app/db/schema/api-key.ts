import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ApiKeyLeak } from '../../../../shared/contracts/api-key.ts'
import { SCOPES } from '../../../../shared/contracts/common.ts'
import type { Classified } from '../columns.ts'

export const apiKey = sqliteTable(
  'api_key',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    scope: text('scope', { enum: SCOPES }).notNull(),
    /** SHA-256 of the token, hexadecimal. The token itself is never stored. */
    hash: text('hash').notNull(),
    createdBy: text('created_by').notNull(),
    /** Whose it is instead: of somebody who took it over, or whose key it replaces. */
    handedTo: text('handed_to'),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at'),
    revokedAt: integer('revoked_at'),
    /** When its holder was told that it ends soon. */
    remindedAt: integer('reminded_at'),
    /** When Candor noted that it had ended by itself, up to a day later. */
    expiredAt: integer('expired_at'),
    /** The key that it replaces. */
    rolledFrom: text('rolled_from'),
    /** The key that replaces it. */
    rolledTo: text('rolled_to'),
    /** Where it may be used; empty: anywhere. */
    allowedNetworks: text('allowed_networks', { mode: 'json' }).$type<string[]>().notNull().default([]),
    /** Where it was found in public. */
    leak: text('leak', { mode: 'json' }).$type<ApiKeyLeak>(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const apiKeyColumns = {
  workspaceId: 'hidden',
  id: 'plain',
  name: 'plain',
  scope: 'plain',
  hash: 'hidden',
  createdBy: 'plain',
  handedTo: 'plain',
  createdAt: 'time',
  expiresAt: 'time',
  revokedAt: 'time',
  remindedAt: 'time',
  expiredAt: 'time',
  rolledFrom: 'plain',
  rolledTo: 'plain',
  allowedNetworks: 'plain',
  leak: 'plain',
} as const satisfies Classified<typeof apiKey>

/** When a key was last used: the day. Telemetry, apart from the key's own row. */
export const apiKeyUse = sqliteTable(
  'api_key_use',
  {
    workspaceId: text('workspace_id').notNull(),
    apiKeyId: text('api_key_id').notNull(),
    lastUsedOn: text('last_used_on').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.apiKeyId] })],
)
