import {
  and,
  count,
  desc,
  eq,
  exists,
  getTableColumns,
  gt,
  isNull,
  lt,
  lte,
  or,
  type Placeholder,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { olderThan } from '../../db/keyset.ts'
import {
  type Condition,
  type Placeholders,
  prepared,
  preparedById,
  preparedOf,
  preparedSet,
} from '../../db/prepared.ts'
import { apiKey, apiKeyUse } from '../../db/schema/api-key.ts'
import { membership } from '../../db/schema/membership.ts'
import { user } from '../../db/schema/user.ts'
import { workspace } from '../../db/schema/workspace.ts'
import { endsLike, endValues, type LogEnd } from '../log/rows.ts'

const byId = (workspaceId: WorkspaceId | Placeholder, id: string | Placeholder) =>
  and(eq(apiKey.workspaceId, workspaceId), eq(apiKey.id, id))

/** Whose key it is: who made it, or whose it is instead. */
export const holderOfKey = sql<string>`coalesce(${apiKey.handedTo}, ${apiKey.createdBy})`

const caller = prepared<{ workspaceId: WorkspaceId; id: string }, ReturnType<typeof buildCaller>>(
  ['workspaceId', 'id'],
  buildCaller,
)
function buildCaller(db: Db, { workspaceId, id }: { workspaceId: Placeholder; id: Placeholder }) {
  return db
    .select({
      hash: apiKey.hash,
      scope: apiKey.scope,
      expiresAt: apiKey.expiresAt,
      revokedAt: apiKey.revokedAt,
      allowedNetworks: apiKey.allowedNetworks,
      userId: user.id,
      name: user.name,
      email: user.email,
      role: membership.role,
      workspaceName: as('workspace_name', workspace.name),
      plan: workspace.plan,
      endsAt: as('workspace_ends_at', workspace.endsAt),
    })
    .from(apiKey)
    .innerJoin(user, eq(user.id, holderOfKey))
    .innerJoin(membership, and(eq(membership.workspaceId, apiKey.workspaceId), eq(membership.userId, user.id)))
    .innerJoin(workspace, eq(workspace.workspaceId, apiKey.workspaceId))
    .where(and(eq(apiKey.workspaceId, workspaceId), eq(apiKey.id, id)))
}

/** A key with the person whose it is, their role, and the workspace. Nobody when that person is no member any more. */
export const apiKeyCaller = (db: Db, workspaceId: WorkspaceId, id: string) => caller(db, { workspaceId, id })

type Said = Pick<Awaited<ReturnType<typeof apiKeyCaller>>[number], 'userId' | 'name' | 'email'>

/**
 * A condition: the workspace's log ends like this, and what `apiKeyCaller` said of the person is still so. The rest of what
 * it said stands behind the gates of that log.
 */
export const apiKeyStill = (workspaceId: WorkspaceId, end: LogEnd, { userId, name, email }: Said): Condition => ({
  holds: holderHolds,
  values: { ...endValues(workspaceId, end), userId, name, email },
})
function holderHolds(db: Db, values: Placeholders<ReturnType<typeof endValues> & Said>): SQL {
  const { userId, name, email } = values
  const same = db
    .select({ one: sql`1` })
    .from(user)
    .where(and(eq(user.id, userId), eq(user.name, name), eq(user.email, email)))
  return sql`${endsLike(values)} AND ${exists(same)}`
}

export const apiKeyById = preparedById((db, workspaceId, id) => db.select().from(apiKey).where(byId(workspaceId, id)))

/** Newest first, with the day of last use. */
export const apiKeyPage = (db: Db, workspaceId: WorkspaceId, after: { at: number; id: string } | null, limit: number) =>
  db
    .select({ ...getTableColumns(apiKey), lastUsedOn: apiKeyUse.lastUsedOn })
    .from(apiKey)
    .leftJoin(apiKeyUse, and(eq(apiKeyUse.workspaceId, apiKey.workspaceId), eq(apiKeyUse.apiKeyId, apiKey.id)))
    .where(and(eq(apiKey.workspaceId, workspaceId), olderThan(apiKey.createdAt, apiKey.id, after)))
    .orderBy(desc(apiKey.createdAt), desc(apiKey.id))
    .limit(limit)

/** Keys that the plan counts: one that was replaced makes room for the one in its place. */
export const countApiKeys = preparedOf((db, workspaceId) =>
  db
    .select({ count: count() })
    .from(apiKey)
    .where(and(eq(apiKey.workspaceId, workspaceId), isNull(apiKey.revokedAt), isNull(apiKey.rolledTo))),
)

export const insertApiKey = (db: Db, workspaceId: WorkspaceId, row: Omit<typeof apiKey.$inferInsert, 'workspaceId'>) =>
  db.insert(apiKey).values({ ...row, workspaceId })

type Changed = Partial<Omit<typeof apiKey.$inferSelect, 'workspaceId' | 'id' | 'hash' | 'scope'>>

const set = preparedSet(apiKey, byId)
export const setApiKey = (db: Db, workspaceId: WorkspaceId, id: string, values: Changed) =>
  set(db, workspaceId, id, values)

/** The holder of a key, when they are still a member of the workspace. */
const livingHolder = and(eq(membership.workspaceId, apiKey.workspaceId), eq(membership.userId, holderOfKey))

/** Keys that end in between and of whose end nobody was told yet. */
export const keysEnding = (db: Db, workspaceId: WorkspaceId, after: number, until: number) =>
  db
    .select(getTableColumns(apiKey))
    .from(apiKey)
    .innerJoin(membership, livingHolder)
    .where(
      and(
        eq(apiKey.workspaceId, workspaceId),
        isNull(apiKey.revokedAt),
        isNull(apiKey.remindedAt),
        isNull(apiKey.rolledTo),
        gt(apiKey.expiresAt, after),
        lte(apiKey.expiresAt, until),
      ),
    )

/** Keys that have ended by themselves, and of which that was not noted yet. */
export const keysExpired = (db: Db, workspaceId: WorkspaceId, now: number) =>
  db
    .select({ id: apiKey.id })
    .from(apiKey)
    .where(
      and(
        eq(apiKey.workspaceId, workspaceId),
        isNull(apiKey.revokedAt),
        isNull(apiKey.expiredAt),
        lte(apiKey.expiresAt, now),
      ),
    )

/** A key with the name of its workspace and its holder's address. */
export const apiKeyForMail = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db
    .select({ ...getTableColumns(apiKey), email: user.email, workspaceName: as('workspace_name', workspace.name) })
    .from(apiKey)
    .innerJoin(membership, livingHolder)
    .innerJoin(user, eq(user.id, holderOfKey))
    .innerJoin(workspace, eq(workspace.workspaceId, apiKey.workspaceId))
    .where(byId(workspaceId, id))

/** Who hears that a key was found in public: its holder and whoever owns the workspace. */
export const toldOfLeak = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db
    .select({ userId: membership.userId })
    .from(membership)
    .innerJoin(apiKey, byId(workspaceId, id))
    .where(
      and(
        eq(membership.workspaceId, workspaceId),
        or(eq(membership.role, 'owner'), eq(membership.userId, holderOfKey)),
      ),
    )
    .orderBy(membership.userId)

/** A key with the name of its workspace, and the address of a member. */
export const apiKeyForMember = (db: Db, workspaceId: WorkspaceId, id: string, userId: string) =>
  db
    .select({
      ...getTableColumns(apiKey),
      email: user.email,
      holder: sql<string>`${holderOfKey}`.as('holder'),
      workspaceName: as('workspace_name', workspace.name),
    })
    .from(apiKey)
    .innerJoin(membership, and(eq(membership.workspaceId, apiKey.workspaceId), eq(membership.userId, userId)))
    .innerJoin(user, eq(user.id, membership.userId))
    .innerJoin(workspace, eq(workspace.workspaceId, apiKey.workspaceId))
    .where(byId(workspaceId, id))

const ofHolder = (workspaceId: WorkspaceId, userId: string) =>
  and(eq(apiKey.workspaceId, workspaceId), eq(holderOfKey, userId), isNull(apiKey.revokedAt))

/** Keys of a person that are not revoked. */
export const keysOfHolder = (db: Db, workspaceId: WorkspaceId, userId: string) =>
  db.select({ id: apiKey.id, name: apiKey.name }).from(apiKey).where(ofHolder(workspaceId, userId)).orderBy(apiKey.id)

export const revokeKeysOfHolder = (db: Db, workspaceId: WorkspaceId, userId: string, revokedAt: number) =>
  db.update(apiKey).set({ revokedAt }).where(ofHolder(workspaceId, userId))

export const handOverKeys = (db: Db, workspaceId: WorkspaceId, userId: string, to: string) =>
  db.update(apiKey).set({ handedTo: to }).where(ofHolder(workspaceId, userId))

/** Notes the day of use: one row written a key and day, because an unchanged day writes none. */
export const noteApiKeyUse = (db: Db, workspaceId: WorkspaceId, apiKeyId: string, day: string) =>
  db
    .insert(apiKeyUse)
    .values({ workspaceId, apiKeyId, lastUsedOn: day })
    .onConflictDoUpdate({
      target: [apiKeyUse.workspaceId, apiKeyUse.apiKeyId],
      set: { lastUsedOn: day },
      setWhere: lt(apiKeyUse.lastUsedOn, day),
    })
