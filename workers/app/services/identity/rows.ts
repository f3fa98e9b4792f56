import { and, count, eq, gt } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { session } from '../../db/schema/session.ts'
import { identity } from '../../db/schema/user.ts'

// People belong to no workspace, so these functions take none (test/architecture.test.ts lists this file).

/** Who somebody is to a provider: found by this and by nothing else. */
interface Key {
  issuer: string
  subject: string
}

const isKey = ({ issuer, subject }: Key) => and(eq(identity.issuer, issuer), eq(identity.subject, subject))

/** Whose identity it is. */
export const identityByKey = (db: Db, key: Key) => db.select().from(identity).where(isKey(key))

/** Notes that it was used to sign in, and what the provider said. */
export const noteIdentityUse = (
  db: Db,
  userId: string,
  { issuer, subject, ...values }: Key & { name: string; email: string | null; lastUsedAt: number },
) =>
  db
    .update(identity)
    .set(values)
    .where(and(isKey({ issuer, subject }), eq(identity.userId, userId)))

export const deleteIdentity = (db: Db, userId: string, id: string) =>
  db.delete(identity).where(and(eq(identity.userId, userId), eq(identity.id, id)))

/** Sessions that began with it; those that have ended without an entry are left to their late one. */
const beganWith = (userId: string, id: string) =>
  and(eq(session.userId, userId), eq(session.identityId, id), gt(session.lastSeenAt, 0))

export const countSessionsWith = (db: Db, userId: string, id: string) =>
  db.select({ count: count() }).from(session).where(beganWith(userId, id))

export const deleteSessionsWith = (db: Db, userId: string, id: string) =>
  db.delete(session).where(beganWith(userId, id))

/** What a session began with, and when. Whose it is, is not asked here. */
export const originOfSession = (db: Db, hash: string) =>
  db
    .select({ identityId: session.identityId, provider: session.provider, createdAt: session.createdAt })
    .from(session)
    .where(eq(session.hash, hash))
