import { and, eq } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { membership } from '../../db/schema/membership.ts'
import { monitor } from '../../db/schema/monitor.ts'
import { session } from '../../db/schema/session.ts'
import { identity, user } from '../../db/schema/user.ts'

// People and their sign-ins belong to no workspace, so these functions take none (test/architecture.test.ts lists this file).

/** The person behind an identity, with the workspaces they belong to. */
export const membershipsByIdentity = (db: Db, issuer: string, subject: string) =>
  db
    .select({ userId: identity.userId, workspaceId: membership.workspaceId })
    .from(identity)
    .leftJoin(membership, eq(membership.userId, identity.userId))
    .where(and(eq(identity.issuer, issuer), eq(identity.subject, subject)))
    .orderBy(membership.createdAt)

/** Whose e-mail address it is, and which provider they sign in with. */
export const ownersOfEmail = (db: Db, email: string) =>
  db
    .select({ userId: identity.userId, provider: identity.provider })
    .from(user)
    .innerJoin(identity, eq(identity.userId, user.id))
    .where(eq(user.email, email))

export const userById = (db: Db, id: string) => db.select().from(user).where(eq(user.id, id))

export const insertUser = (db: Db, values: typeof user.$inferInsert) => db.insert(user).values(values)

export const insertIdentity = (db: Db, values: typeof identity.$inferInsert) => db.insert(identity).values(values)

/** Fails on a second use of the same sign-in attempt: `attempt` is unique. */
export const insertSession = (db: Db, values: typeof session.$inferInsert) => db.insert(session).values(values)

export const deleteSession = (db: Db, userId: string, hash: string) =>
  db.delete(session).where(and(eq(session.hash, hash), eq(session.userId, userId)))

/** Whose session it is. */
export const userOfSession = (db: Db, hash: string) =>
  db.select({ userId: session.userId }).from(session).where(eq(session.hash, hash))

export const noteSessionUse = (db: Db, hash: string, now: number) =>
  db.update(session).set({ lastSeenAt: now }).where(eq(session.hash, hash))

/** For the watchdog, which looks after every workspace: those with an active monitor. Ids only. */
export const monitoredWorkspaces = (db: Db) =>
  db.selectDistinct({ workspaceId: monitor.workspaceId }).from(monitor).where(eq(monitor.active, true))
