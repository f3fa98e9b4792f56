import { and, count, desc, eq, isNull } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { olderThan } from '../../db/keyset.ts'
import { invitation } from '../../db/schema/invitation.ts'
import { session } from '../../db/schema/session.ts'
import { user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'

const byId = (workspaceId: WorkspaceId, id: string) =>
  and(eq(invitation.workspaceId, workspaceId), eq(invitation.id, id))

/**
 * Who is behind a session, with the invitation to this workspace that waits for the address which the provider had
 * verified when the session began; its fields are null when there is none.
 */
export const invitedCaller = (db: Db, workspaceId: WorkspaceId, hash: string) =>
  db
    .select({
      userId: user.id,
      name: user.name,
      verifiedEmail: as('verified_email', session.email),
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      expiresAt: invitation.expiresAt,
      workspaceName: as('workspace_name', workspace.name),
      plan: workspace.plan,
      endsAt: as('workspace_ends_at', workspace.endsAt),
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .leftJoin(
      invitation,
      and(eq(invitation.workspaceId, workspaceId), eq(invitation.email, session.email), isNull(invitation.acceptedAt)),
    )
    .leftJoin(workspace, eq(workspace.workspaceId, invitation.workspaceId))
    .where(eq(session.hash, hash))

export const invitationById = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db.select().from(invitation).where(byId(workspaceId, id))

/** The one for an address that was not accepted yet. */
export const openInvitationOf = (db: Db, workspaceId: WorkspaceId, email: string) =>
  db
    .select({ id: invitation.id })
    .from(invitation)
    .where(and(eq(invitation.workspaceId, workspaceId), eq(invitation.email, email), isNull(invitation.acceptedAt)))

/** Those that were not accepted yet, newest first. */
export const invitationPage = (
  db: Db,
  workspaceId: WorkspaceId,
  after: { at: number; id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(invitation)
    .where(
      and(
        eq(invitation.workspaceId, workspaceId),
        isNull(invitation.acceptedAt),
        olderThan(invitation.createdAt, invitation.id, after),
      ),
    )
    .orderBy(desc(invitation.createdAt), desc(invitation.id))
    .limit(limit)

export const countInvitations = (db: Db, workspaceId: WorkspaceId) =>
  db
    .select({ count: count() })
    .from(invitation)
    .where(and(eq(invitation.workspaceId, workspaceId), isNull(invitation.acceptedAt)))

/** What its mail says: to whom, by whom, to what. */
export const invitationForMail = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db
    .select({
      email: invitation.email,
      role: invitation.role,
      expiresAt: invitation.expiresAt,
      acceptedAt: invitation.acceptedAt,
      workspaceName: as('workspace_name', workspace.name),
      inviterName: as('inviter_name', user.name),
    })
    .from(invitation)
    .innerJoin(workspace, eq(workspace.workspaceId, invitation.workspaceId))
    .innerJoin(user, eq(user.id, invitation.invitedBy))
    .where(byId(workspaceId, id))

export const insertInvitation = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof invitation.$inferInsert, 'workspaceId'>,
) => db.insert(invitation).values({ ...row, workspaceId })

export const renewInvitation = (
  db: Db,
  workspaceId: WorkspaceId,
  id: string,
  times: { sentAt: number; expiresAt: number },
) =>
  db
    .update(invitation)
    .set(times)
    .where(and(byId(workspaceId, id), isNull(invitation.acceptedAt)))

export const acceptInvitationRow = (
  db: Db,
  workspaceId: WorkspaceId,
  id: string,
  accepted: { acceptedBy: string; acceptedAt: number },
) =>
  db
    .update(invitation)
    .set(accepted)
    .where(and(byId(workspaceId, id), isNull(invitation.acceptedAt)))

export const deleteInvitation = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db.delete(invitation).where(and(byId(workspaceId, id), isNull(invitation.acceptedAt)))

/** Those that a person has accepted: nothing is left to say with them once the person is no member. */
export const deleteAcceptedBy = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db.delete(invitation).where(and(eq(invitation.workspaceId, workspaceId), eq(invitation.acceptedBy, userId)))
