import { sql } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { bytes } from '../columns.ts'

/** The spine of a log (RFC 6962): kept for ever. `range` is the compact range after this leaf, so any past root is one row away. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    logId: text('log_id').notNull(),
    seq: integer('seq').notNull(),
    leafHash: bytes('leaf_hash').notNull(),
    range: bytes('range').notNull(),
    /** Of the head after this leaf, by the object that wrote it (workspace/head-mac.ts); null in rows from before it. */
    mac: bytes('mac'),
  },
  (table) => [primaryKey({ columns: [table.logId, table.seq] })],
)

/** The entries: the exact bytes that were hashed, and columns generated from them by the database. */
export const auditBody = sqliteTable(
  'audit_body',
  {
    logId: text('log_id').notNull(),
    seq: integer('seq').notNull(),
    leaf: text('leaf').notNull(),
    idempotencyKey: text('idempotency_key').generatedAlwaysAs(sql`json_extract(leaf, '$.idempotencyKey')`, {
      mode: 'stored',
    }),
    action: text('action').generatedAlwaysAs(sql`json_extract(leaf, '$.action')`, { mode: 'stored' }),
    actorId: text('actor_id').generatedAlwaysAs(sql`json_extract(leaf, '$.actor.id')`, { mode: 'stored' }),
    userId: text('user_id').generatedAlwaysAs(sql`json_extract(leaf, '$.user')`, { mode: 'stored' }),
    surface: text('surface').generatedAlwaysAs(sql`json_extract(leaf, '$.surface')`, { mode: 'stored' }),
    entityType: text('entity_type').generatedAlwaysAs(sql`json_extract(leaf, '$.entity.type')`, { mode: 'stored' }),
    entityId: text('entity_id').generatedAlwaysAs(sql`json_extract(leaf, '$.entity.id')`, { mode: 'stored' }),
    outcome: text('outcome').generatedAlwaysAs(sql`json_extract(leaf, '$.outcome')`, { mode: 'stored' }),
    person: text('person').generatedAlwaysAs(sql`json_extract(leaf, '$.person')`, { mode: 'stored' }),
    at: integer('at').generatedAlwaysAs(sql`json_extract(leaf, '$.at')`, { mode: 'stored' }),
  },
  (table) => [primaryKey({ columns: [table.logId, table.seq] })],
)

/** Personal fields. An entry holds only their commitment, SHA-256(salt ‖ json): erasing a person is deleting their rows. */
export const auditPerson = sqliteTable(
  'audit_person',
  {
    logId: text('log_id').notNull(),
    userId: text('user_id').notNull(),
    /** base64url */
    commitment: text('commitment').notNull(),
    salt: bytes('salt').notNull(),
    json: text('json').notNull(),
  },
  (table) => [primaryKey({ columns: [table.logId, table.userId, table.commitment] })],
)
