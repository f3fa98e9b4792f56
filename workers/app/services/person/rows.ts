import { and, eq, isNotNull, ne, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { apiKey, apiKeyUse } from '../../db/schema/api-key.ts'
import { invitation } from '../../db/schema/invitation.ts'
import { workspace } from '../../db/schema/workspace.ts'

/** Keys and invitations that refer to a person, however old. */
export const madeBy = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db
    .select({
      count:
        sql<number>`(SELECT count(*) FROM api_key WHERE workspace_id = ${workspaceId} AND (created_by = ${userId} OR handed_to = ${userId})) + (SELECT count(*) FROM invitation WHERE workspace_id = ${workspaceId} AND (invited_by = ${userId} OR accepted_by = ${userId}))`.as(
          'count',
        ),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))

/**
 * Nothing refers to a person any more: a key that was handed over is whose it is now, the others go, and so do invitations
 * that they sent.
 */
export function withoutTheirKeys(db: Db, workspaceId: WorkspaceId, userId: string) {
  const theirs = and(eq(apiKey.workspaceId, workspaceId), eq(apiKey.createdBy, userId))
  const handed = and(theirs, isNotNull(apiKey.handedTo), ne(apiKey.handedTo, userId))
  return [
    db
      .update(apiKey)
      .set({ createdBy: sql`${apiKey.handedTo}`, handedTo: null })
      .where(handed),
    db
      .delete(apiKeyUse)
      .where(
        and(
          eq(apiKeyUse.workspaceId, workspaceId),
          sql`${apiKeyUse.apiKeyId} IN (SELECT id FROM api_key WHERE workspace_id = ${workspaceId} AND created_by = ${userId})`,
        ),
      ),
    db.delete(apiKey).where(theirs),
    db
      .update(apiKey)
      .set({ handedTo: null })
      .where(and(eq(apiKey.workspaceId, workspaceId), eq(apiKey.handedTo, userId))),
    db.delete(invitation).where(and(eq(invitation.workspaceId, workspaceId), eq(invitation.invitedBy, userId))),
  ]
}
