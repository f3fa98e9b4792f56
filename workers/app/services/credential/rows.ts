import { type AnyColumn, and, asc, eq, or, sql } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { integration } from '../../db/schema/integration.ts'
import { monitor } from '../../db/schema/monitor.ts'

/** Whether a sealed value names another key: bytes 1 to 4 of it (crypto/sealed.ts). SQLite's hex of NULL is no NULL. */
const underOtherKey = (column: AnyColumn, kid: string) =>
  sql`(${column} IS NOT NULL AND lower(hex(substr(${column}, 2, 4))) <> ${kid})`

/** Monitors with a secret that another master key than `kid` has sealed. */
export const monitorsUnderOtherKeys = (db: Db, workspaceId: WorkspaceId, kid: string, limit: number) =>
  db
    .select()
    .from(monitor)
    .where(
      and(
        eq(monitor.workspaceId, workspaceId),
        or(underOtherKey(monitor.headers, kid), underOtherKey(monitor.body, kid)),
      ),
    )
    .orderBy(asc(monitor.id))
    .limit(limit)

/** Integrations whose config another master key than `kid` has sealed. */
export const integrationsUnderOtherKeys = (db: Db, workspaceId: WorkspaceId, kid: string, limit: number) =>
  db
    .select()
    .from(integration)
    .where(and(eq(integration.workspaceId, workspaceId), underOtherKey(integration.sealedConfig, kid)))
    .orderBy(asc(integration.id))
    .limit(limit)
