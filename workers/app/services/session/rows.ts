import { and, eq, type Placeholder } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { prepared } from '../../db/prepared.ts'
import { logFinding } from '../../db/schema/log-finding.ts'
import { membership } from '../../db/schema/membership.ts'
import { session } from '../../db/schema/session.ts'
import { user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'

const caller = prepared<{ workspaceId: WorkspaceId; hash: string }, ReturnType<typeof buildCaller>>(
  ['workspaceId', 'hash'],
  buildCaller,
)
function buildCaller(db: Db, { workspaceId, hash }: { workspaceId: Placeholder; hash: Placeholder }) {
  return db
    .select({
      userId: user.id,
      name: user.name,
      email: user.email,
      role: membership.role,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      workspaceName: as('workspace_name', workspace.name),
      plan: workspace.plan,
      verdict: logFinding.verdict,
      entry: logFinding.entry,
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .innerJoin(membership, and(eq(membership.workspaceId, workspaceId), eq(membership.userId, session.userId)))
    .innerJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .leftJoin(logFinding, eq(logFinding.workspaceId, membership.workspaceId))
    .where(eq(session.hash, hash))
}

/** Who is behind a session, if they belong to this workspace. */
export const sessionCaller = (db: Db, workspaceId: WorkspaceId, hash: string) => caller(db, { workspaceId, hash })
