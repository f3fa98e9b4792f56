import { and, asc, type Column, eq, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import type { Tenant } from '../../db/tenants.ts'

const list = (values: readonly unknown[]) =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )

/** Rows of a table in the order of its key, after one whose key is given. */
export const tenantPage = (
  db: Db,
  workspaceId: WorkspaceId,
  { table, key }: Tenant,
  after: unknown[] | null,
  limit: number,
) =>
  db
    .select()
    .from(table)
    .where(and(eq(table.workspaceId, workspaceId), after === null ? undefined : sql`(${list(key)}) > (${list(after)})`))
    .orderBy(...key.map((column: Column) => asc(column)))
    .limit(limit)

/** How many rows of a table there are, counted no further than a limit. */
export const countTenantRows = (db: Db, workspaceId: WorkspaceId, { table }: Tenant, limit: number) =>
  db.select({ count: sql<number>`count(*)`.as('count') }).from(
    db
      .select({ one: sql`1`.as('one') })
      .from(table)
      .where(eq(table.workspaceId, workspaceId))
      .limit(limit)
      .as('some'),
  )

/** So many rows of a table go, whichever they are. */
export const deleteTenantRows = (db: Db, workspaceId: WorkspaceId, { table, key }: Tenant, limit: number) =>
  db
    .delete(table)
    .where(
      and(
        eq(table.workspaceId, workspaceId),
        sql`(${list(key)}) IN (SELECT ${list(key)} FROM ${table} WHERE ${table.workspaceId} = ${workspaceId} LIMIT ${limit})`,
      ),
    )
