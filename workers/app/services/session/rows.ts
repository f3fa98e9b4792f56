import { and, eq } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { membership } from '../../db/schema/membership.ts'
import { session } from '../../db/schema/session.ts'
import { user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'

/** Who is behind a session, if they belong to this workspace. */
export const sessionCaller = (db: Db, workspaceId: WorkspaceId, hash: string) =>
  db
    .select({
      userId: user.id,
      name: user.name,
      email: user.email,
      role: membership.role,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      workspaceName: as('workspace_name', workspace.name),
      plan: workspace.plan,
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .innerJoin(membership, and(eq(membership.workspaceId, workspaceId), eq(membership.userId, session.userId)))
    .innerJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .where(eq(session.hash, hash))
