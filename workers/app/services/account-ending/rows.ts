import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { apiKey } from '../../db/schema/api-key.ts'
import { auditPerson } from '../../db/schema/audit.ts'
import { invitation } from '../../db/schema/invitation.ts'
import { membership } from '../../db/schema/membership.ts'
import { session } from '../../db/schema/session.ts'
import { identity, user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'

// What is left of somebody whose account ends, in whichever workspace (test/architecture.test.ts lists this file).

/** The workspaces that somebody owns, and how many belong to each. */
export const workspacesOwnedBy = (db: Db, userId: string | SQL) =>
  db
    .select({
      id: workspace.workspaceId,
      name: workspace.name,
      endsAt: workspace.endsAt,
      // By names, not columns: the table is read twice.
      members:
        sql<number>`(SELECT count(*) FROM membership AS other WHERE other.workspace_id = ${workspace.workspaceId})`.as(
          'members',
        ),
    })
    .from(membership)
    .innerJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .where(and(eq(membership.userId, userId), eq(membership.role, 'owner')))
    .orderBy(workspace.name)

/**
 * Workspaces in which something names somebody: as a member, in the log, as the maker of a key, in an invitation. D1 takes
 * no compound of more than five.
 */
export const tracesOf = (db: Db, userId: string, limit: number) => {
  const named = sql`
    SELECT workspace_id AS id FROM ${membership} WHERE user_id = ${userId}
    UNION SELECT log_id FROM ${auditPerson} WHERE user_id = ${userId} AND log_id <> ${userId}
    UNION SELECT workspace_id FROM ${apiKey} WHERE created_by = ${userId} OR handed_to = ${userId}
    UNION SELECT workspace_id FROM ${invitation} WHERE invited_by = ${userId} OR accepted_by = ${userId}`
  return db
    .select({
      id: sql<string>`named.id`.as('id'),
      isMember:
        sql<number>`EXISTS (SELECT 1 FROM ${membership} WHERE workspace_id = named.id AND user_id = ${userId})`.as(
          'is_member',
        ),
    })
    .from(sql`(${named}) AS named`)
    .limit(limit)
}

/** `endsAt`: Unix milliseconds, or null when the account is kept. */
export const setAccountEnd = (db: Db, userId: string, endsAt: number | null) =>
  db.update(user).set({ endsAt }).where(eq(user.id, userId))

export const deleteSessionsOf = (db: Db, userId: string) => db.delete(session).where(eq(session.userId, userId))

export const deleteIdentitiesOf = (db: Db, userId: string) => db.delete(identity).where(eq(identity.userId, userId))

export const deleteUser = (db: Db, userId: string) => db.delete(user).where(eq(user.id, userId))
