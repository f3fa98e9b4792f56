import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { GIVEN_ROLES } from '../../../../shared/contracts/invitation.ts'
import type { Classified } from '../columns.ts'

/** Somebody who is asked to join a workspace. Times in Unix milliseconds. */
export const invitation = sqliteTable(
  'invitation',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    /** Normalised (shared/domain/email.ts). */
    email: text('email').notNull(),
    role: text('role', { enum: GIVEN_ROLES }).notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAt: integer('created_at').notNull(),
    sentAt: integer('sent_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    acceptedBy: text('accepted_by'),
    acceptedAt: integer('accepted_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

/** The address is of somebody who may never have heard of Candor: no entry of a log, which is for ever, has it. */
export const invitationColumns = {
  workspaceId: 'hidden',
  id: 'plain',
  email: 'hidden',
  role: 'plain',
  invitedBy: 'plain',
  createdAt: 'time',
  sentAt: 'time',
  expiresAt: 'time',
  acceptedBy: 'plain',
  acceptedAt: 'time',
} as const satisfies Classified<typeof invitation>
