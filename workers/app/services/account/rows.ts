import { and, desc, eq, gt, gte, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { auditBody, auditPerson } from '../../db/schema/audit.ts'
import { invitation } from '../../db/schema/invitation.ts'
import { membership } from '../../db/schema/membership.ts'
import { monitor } from '../../db/schema/monitor.ts'
import { session } from '../../db/schema/session.ts'
import { identity, user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS, SESSION_NOTE_MS } from '../session/lifetime.ts'

// People and their sign-ins belong to no workspace, so these functions take none (test/architecture.test.ts lists this file).

/** The id of a person, or the expression that finds it. */
type UserId = string | SQL

/** Whoever is behind a session. */
export const userOf = (hash: string): SQL =>
  sql`(SELECT ${session.userId} FROM ${session} WHERE ${session.hash} = ${hash})`

/** The person behind an identity, with the workspaces they belong to that are not over: those that go on first. */
export const membershipsByIdentity = (db: Db, issuer: string, subject: string, now: number) =>
  db
    .select({ userId: identity.userId, workspaceId: membership.workspaceId })
    .from(identity)
    .leftJoin(
      membership,
      and(
        eq(membership.userId, identity.userId),
        sql`NOT EXISTS (SELECT 1 FROM ${workspace} WHERE ${workspace.workspaceId} = ${membership.workspaceId} AND ${workspace.endsAt} <= ${now})`,
      ),
    )
    .leftJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .where(and(eq(identity.issuer, issuer), eq(identity.subject, subject)))
    .orderBy(sql`${workspace.endsAt} IS NOT NULL`, membership.createdAt)

/** Whose e-mail address it is, and with which providers they sign in; `email`: what such a one has verified. */
export const ownersOfEmail = (db: Db, email: string) =>
  db
    .select({ userId: identity.userId, provider: identity.provider, email: identity.email })
    .from(user)
    .innerJoin(identity, eq(identity.userId, user.id))
    .where(eq(user.email, email))
    .orderBy(identity.createdAt)

export const userById = (db: Db, id: UserId) => db.select().from(user).where(eq(user.id, id))

export const identitiesOf = (db: Db, id: UserId) =>
  db.select().from(identity).where(eq(identity.userId, id)).orderBy(identity.createdAt)

export const insertUser = (db: Db, values: typeof user.$inferInsert) => db.insert(user).values(values)

export const insertIdentity = (db: Db, values: typeof identity.$inferInsert) => db.insert(identity).values(values)

/** Fails on a second use of the same sign-in attempt: `attempt` is unique. */
export const insertSession = (db: Db, values: typeof session.$inferInsert) => db.insert(session).values(values)

export const deleteSession = (db: Db, userId: string, hash: string) =>
  db.delete(session).where(and(eq(session.hash, hash), eq(session.userId, userId)))

/** A person's membership of one workspace. */
export const membershipOf = (db: Db, userId: string, workspaceId: string) =>
  db
    .select({ role: membership.role })
    .from(membership)
    .where(and(eq(membership.workspaceId, workspaceId), eq(membership.userId, userId)))

/** The person behind a session, whatever workspace it is in; `owned`: how many workspaces are theirs. */
export const personOfSession = (db: Db, hash: string) =>
  db
    .select({
      userId: user.id,
      name: user.name,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      accountEmail: as('account_email', user.email),
      /** When the account ends. */
      personEndsAt: as('person_ends_at', user.endsAt),
      /** What the provider had verified when the session began. */
      verifiedEmail: as('verified_email', session.email),
      owned:
        sql<number>`(SELECT count(*) FROM ${membership} WHERE ${membership.userId} = ${user.id} AND ${membership.role} = 'owner')`.as(
          'owned',
        ),
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(eq(session.hash, hash))

/** The workspaces that the person behind a session belongs to. */
export const workspacesOfSession = (db: Db, hash: string) =>
  db
    .select({
      id: workspace.workspaceId,
      name: workspace.name,
      slug: workspace.slug,
      plan: workspace.plan,
      role: membership.role,
      endsAt: workspace.endsAt,
    })
    .from(session)
    .innerJoin(membership, eq(membership.userId, session.userId))
    .innerJoin(workspace, eq(workspace.workspaceId, membership.workspaceId))
    .where(eq(session.hash, hash))
    .orderBy(workspace.name, workspace.workspaceId)

const invited = (db: Db) =>
  db
    .select({
      id: invitation.id,
      workspaceId: invitation.workspaceId,
      role: invitation.role,
      expiresAt: invitation.expiresAt,
      acceptedAt: invitation.acceptedAt,
      workspaceName: as('workspace_name', workspace.name),
      inviterName: as('inviter_name', user.name),
    })
    .from(invitation)
    .innerJoin(workspace, eq(workspace.workspaceId, invitation.workspaceId))
    .innerJoin(user, eq(user.id, invitation.invitedBy))

const emailOfSession = (hash: string) => sql`(SELECT ${session.email} FROM ${session} WHERE ${session.hash} = ${hash})`

/** One invitation, if it is for the address that the provider had verified when the session began. */
export const invitationOfSession = (db: Db, hash: string, id: string) =>
  invited(db).where(and(eq(invitation.email, emailOfSession(hash)), eq(invitation.id, id)))

/** What waits for that address. */
export const invitationsOfSession = (db: Db, hash: string, now: number) =>
  invited(db)
    .where(
      and(eq(invitation.email, emailOfSession(hash)), isNull(invitation.acceptedAt), gt(invitation.expiresAt, now)),
    )
    .orderBy(invitation.createdAt)

/** Where the invitation leads that somebody follows who has no workspace yet. */
export const invitationFor = (db: Db, email: string, id: string, now: number) =>
  db
    .select({ workspaceId: invitation.workspaceId })
    .from(invitation)
    .where(
      and(
        eq(invitation.email, email),
        eq(invitation.id, id),
        isNull(invitation.acceptedAt),
        gt(invitation.expiresAt, now),
      ),
    )

/** Whose session it is. */
export const userOfSession = (db: Db, hash: string) =>
  db.select({ userId: session.userId }).from(session).where(eq(session.hash, hash))

/** Those that have not ended, says session/lifetime.ts. */
const isLive = (now: number) =>
  and(gte(session.lastSeenAt, now - SESSION_IDLE_MS), gte(session.createdAt, now - SESSION_ABSOLUTE_MS))

/** A session of a person, unless it has ended. */
export const liveSession = (db: Db, userId: string, hash: string, now: number) =>
  db
    .select()
    .from(session)
    .where(and(eq(session.userId, userId), eq(session.hash, hash), isLive(now)))

/** A session of a person whose row is there, and which nobody has ended. */
export const openSession = (db: Db, userId: string, hash: string) =>
  db
    .select()
    .from(session)
    .where(and(eq(session.userId, userId), eq(session.hash, hash), gt(session.lastSeenAt, 0)))

/** A person's sessions that have not ended and are asked for, one of them last. */
export const sessionsToEnd = (db: Db, userId: string, asked: SessionsAsked, last: string, now: number, limit: number) =>
  db
    .select()
    .from(session)
    .where(
      and(
        eq(session.userId, userId),
        isLive(now),
        asked === 'others' ? ne(session.hash, last) : undefined,
        typeof asked === 'object' ? sql`'ses_' || substr(${session.hash}, 1, 16) = ${asked.id}` : undefined,
      ),
    )
    .orderBy(sql`${session.hash} = ${last}`, session.createdAt)
    .limit(limit)
export type SessionsAsked = { id: string } | 'others' | 'all'

/** A person's sessions that have not ended, the last used first, each with what its sign-in has kept of its client. */
export const sessionsOf = (db: Db, userId: UserId, now: number, limit: number) =>
  db
    .select({
      hash: session.hash,
      provider: session.provider,
      userAgent: session.userAgent,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      // By names, not columns: of a query over one table the columns are written without it.
      client: sql<string | null>`(
        SELECT person.json FROM ${auditBody} AS entry JOIN ${auditPerson} AS person
          ON person.log_id = entry.log_id AND person.user_id = entry.user_id AND person.commitment = entry.person
        WHERE entry.log_id = session.user_id AND entry.entity_id = 'ses_' || substr(session.hash, 1, 16)
          AND entry.action IN ('session.create', 'session.switch', 'session.renew') LIMIT 1
      )`.as('client'),
    })
    .from(session)
    .where(and(eq(session.userId, userId), isLive(now)))
    .orderBy(desc(session.lastSeenAt), desc(session.createdAt))
    .limit(limit)

/** Notes that a session was used, rarely; and never one that has ended. */
export const noteSessionUse = (db: Db, hash: string, now: number) =>
  db
    .update(session)
    .set({ lastSeenAt: now })
    .where(and(eq(session.hash, hash), lt(session.lastSeenAt, now - SESSION_NOTE_MS), isLive(now)))

/** Ends a session where no entry can be made of it: the gate lets nothing else of it be changed. */
export const endSession = (db: Db, userId: string, hash: string) =>
  db
    .update(session)
    .set({ lastSeenAt: 0 })
    .where(and(eq(session.hash, hash), eq(session.userId, userId)))

/** Sessions that were ended so. */
export const endedSessions = (db: Db, userId: string) =>
  db
    .select({ hash: session.hash })
    .from(session)
    .where(and(eq(session.userId, userId), eq(session.lastSeenAt, 0)))

/** The gate lets go what is older than a session can be, by the database's own clock. */
export const deleteOldSessions = (db: Db, userId: string, before: number) =>
  db.delete(session).where(and(eq(session.userId, userId), gt(session.lastSeenAt, 0), lt(session.createdAt, before)))

/** For the watchdog, which looks after every workspace: those with an active monitor. Ids only. */
export const monitoredWorkspaces = (db: Db) =>
  db.selectDistinct({ workspaceId: monitor.workspaceId }).from(monitor).where(eq(monitor.active, true))
