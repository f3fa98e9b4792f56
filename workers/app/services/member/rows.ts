import { and, asc, count, desc, eq, notExists, type SQL, sql } from 'drizzle-orm'
import type { Role } from '../../../../shared/contracts/common.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import { among } from '../../db/among.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { olderThan } from '../../db/keyset.ts'
import { auditPerson } from '../../db/schema/audit.ts'
import { membership } from '../../db/schema/membership.ts'
import { user } from '../../db/schema/user.ts'

const byId = (workspaceId: WorkspaceId, userId: string): SQL | undefined =>
  and(eq(membership.workspaceId, workspaceId), eq(membership.userId, userId))

const named = (db: Db) =>
  db
    .select({
      userId: membership.userId,
      role: membership.role,
      createdAt: as('member_since', membership.createdAt),
      name: user.name,
      email: user.email,
      endsAt: as('person_ends_at', user.endsAt),
    })
    .from(membership)
    .innerJoin(user, eq(user.id, membership.userId))

/** Members, newest first. */
export const memberPage = (db: Db, workspaceId: WorkspaceId, after: { at: number; id: string } | null, limit: number) =>
  named(db)
    .where(and(eq(membership.workspaceId, workspaceId), olderThan(membership.createdAt, membership.userId, after)))
    .orderBy(desc(membership.createdAt), desc(membership.userId))
    .limit(limit)

export const memberById = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  named(db).where(byId(workspaceId, userId))

/** Name and address of members by their ids: two bound parameters, however many. */
export const namesOfMembers = (db: Db, workspaceId: WorkspaceId, ids: string[]) =>
  named(db).where(and(eq(membership.workspaceId, workspaceId), among(membership.userId, ids)))

/** The ids of all members: who they are is not asked. */
export const memberIds = (db: Db, workspaceId: WorkspaceId) =>
  db
    .select({ userId: membership.userId, role: membership.role })
    .from(membership)
    .where(eq(membership.workspaceId, workspaceId))

export const memberByEmail = (db: Db, workspaceId: WorkspaceId, email: string) =>
  db
    .select({ userId: membership.userId })
    .from(membership)
    .innerJoin(user, eq(user.id, membership.userId))
    .where(and(eq(membership.workspaceId, workspaceId), eq(user.email, email)))

export const countMembers = (db: Db, workspaceId: WorkspaceId) =>
  db.select({ count: count() }).from(membership).where(eq(membership.workspaceId, workspaceId))

export const insertMembership = (
  db: Db,
  workspaceId: WorkspaceId,
  row: Omit<typeof membership.$inferInsert, 'workspaceId'>,
) => db.insert(membership).values({ ...row, workspaceId })

/** `from`: the role that was read. Another one meanwhile touches no row, and so aborts the change. */
export const setRole = (db: Db, workspaceId: WorkspaceId, userId: string, from: Role, role: Role) =>
  db
    .update(membership)
    .set({ role })
    .where(and(byId(workspaceId, userId), eq(membership.role, from)))

export const deleteMembership = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db.delete(membership).where(byId(workspaceId, userId))

/** Whose name the log of a workspace has, and who is no member of it. */
export const formerMembers = (db: Db, workspaceId: WorkspaceId, limit: number) =>
  db
    .select({
      userId: auditPerson.userId,
      name: sql<string | null>`max(json_extract(${auditPerson.json}, '$.name'))`.as('name'),
    })
    .from(auditPerson)
    .where(
      and(
        eq(auditPerson.logId, workspaceId),
        notExists(
          db
            .select({ one: sql`1` })
            .from(membership)
            .where(and(eq(membership.workspaceId, workspaceId), eq(membership.userId, auditPerson.userId))),
        ),
      ),
    )
    .groupBy(auditPerson.userId)
    .orderBy(asc(auditPerson.userId))
    .limit(limit)
