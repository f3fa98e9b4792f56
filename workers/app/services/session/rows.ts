import { and, count, eq, exists, gte, isNull, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { type Condition, type Placeholders, prepared } from '../../db/prepared.ts'
import { logFinding } from '../../db/schema/log-finding.ts'
import { membership } from '../../db/schema/membership.ts'
import { session } from '../../db/schema/session.ts'
import { user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'
import { endsLike, endValues, type LogEnd } from '../log/rows.ts'

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
      endsAt: as('workspace_ends_at', workspace.endsAt),
      personEndsAt: as('person_ends_at', user.endsAt),
      verdict: logFinding.verdict,
      entry: logFinding.entry,
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .innerJoin(membership, and(eq(membership.workspaceId, workspaceId), eq(membership.userId, session.userId)))
    .innerJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .leftJoin(logFinding, eq(logFinding.workspaceId, membership.workspaceId))
    .where(and(eq(session.hash, hash), eq(session.workspaceId, workspaceId)))
}

/** Who is behind a session that is in this workspace, if they belong to it. */
export const sessionCaller = (db: Db, workspaceId: WorkspaceId, hash: string) => caller(db, { workspaceId, hash })

type Said = Pick<Awaited<ReturnType<typeof sessionCaller>>[number], 'userId' | 'name' | 'email' | 'lastSeenAt'>

/**
 * A condition: the workspace's log ends like this, and what `sessionCaller` said of a session and its person is still so. The
 * rest of what it said stands behind the gates of that log.
 */
export const sessionStill = (
  workspaceId: WorkspaceId,
  end: LogEnd,
  hash: string,
  { userId, name, email, lastSeenAt }: Said,
): Condition => ({
  holds: sessionHolds,
  values: { ...endValues(workspaceId, end), hash, userId, name, email, lastSeenAt },
})
function sessionHolds(db: Db, values: Placeholders<ReturnType<typeof endValues> & Said & { hash: string }>): SQL {
  const { endLog, hash, userId, name, email, lastSeenAt } = values
  const same = db
    .select({ one: sql`1` })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(
      and(
        eq(session.hash, hash),
        eq(session.workspaceId, endLog),
        gte(session.lastSeenAt, lastSeenAt),
        eq(user.id, userId),
        eq(user.name, name),
        eq(user.email, email),
        isNull(user.endsAt),
      ),
    )
  return sql`${endsLike(values)} AND ${exists(same)}`
}

/** The first workspaces of a session's person, beginning with this one, and how many of all are that person's own. */
export const firstWorkspaces = (db: Db, workspaceId: WorkspaceId, hash: string, limit: number) =>
  db
    .select({
      id: workspace.workspaceId,
      name: workspace.name,
      endsAt: workspace.endsAt,
      owned: sql<number>`count(*) FILTER (WHERE ${membership.role} = 'owner') OVER ()`.as('owned'),
    })
    .from(session)
    .innerJoin(membership, eq(membership.userId, session.userId))
    .innerJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .where(eq(session.hash, hash))
    .orderBy(sql`${workspace.workspaceId} = ${workspaceId} DESC`, workspace.name, workspace.workspaceId)
    .limit(limit)

/** Sessions of a person that are in this workspace. */
export const countSessions = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db
    .select({ count: count() })
    .from(session)
    .where(and(eq(session.workspaceId, workspaceId), eq(session.userId, userId)))

/** Refused by the database but inside an open entry of this workspace that removes this very person. */
export const endSessions = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db.delete(session).where(and(eq(session.workspaceId, workspaceId), eq(session.userId, userId)))
