import { and, count, gt, isNotNull, or, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../../db/client.ts'
import { integration } from '../../db/schema/integration.ts'
import { monitor } from '../../db/schema/monitor.ts'

// Whoever runs Candor looks after every workspace: figures and ids, nothing of what they hold (test/architecture.test.ts
// lists this file).

/** Bytes 1 to 4 of a sealed value name its master key (crypto/sealed.ts). */
const kidOf = (column: SQLiteColumn) => sql<string>`lower(hex(substr(${column}, 2, 4)))`.as('kid')

const use = (db: Db, table: typeof monitor | typeof integration, column: SQLiteColumn) =>
  db
    .select({ kid: kidOf(column), workspaceId: table.workspaceId, values: count() })
    .from(table)
    .where(isNotNull(column))
    .groupBy(kidOf(column).getSQL(), table.workspaceId)

/** How many sealed values name which master key, by workspace: one statement for each column that holds them. */
export const keyUse = (db: Db) =>
  [
    use(db, monitor, monitor.headers),
    use(db, monitor, monitor.body),
    use(db, integration, integration.sealedConfig),
  ] as const

/** Workspaces whose scheduler keeps copies of sealed values, in the order of their ids. */
export const workspacesWithSecretMonitors = (db: Db, after: string, limit: number) =>
  db
    .selectDistinct({ workspaceId: monitor.workspaceId })
    .from(monitor)
    .where(and(gt(monitor.workspaceId, after), or(isNotNull(monitor.headers), isNotNull(monitor.body))))
    .orderBy(monitor.workspaceId)
    .limit(limit)
