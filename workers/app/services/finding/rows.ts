import { and, eq, notExists, sql } from 'drizzle-orm'
import type { AlertEvent } from '../../../../shared/domain/alert.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { integration } from '../../db/schema/integration.ts'
import { logFinding } from '../../db/schema/log-finding.ts'
import { type Effect, outbox } from '../../db/schema/outbox.ts'
import { NEW_OUTBOX_ID } from '../outbox/rows.ts'

export type FindingRow = Omit<typeof logFinding.$inferInsert, 'workspaceId'>

/** Shows a finding in place of the one that was shown. */
export const setFinding = (db: Db, workspaceId: WorkspaceId, row: FindingRow) =>
  db
    .insert(logFinding)
    .values({ workspaceId, ...row })
    .onConflictDoUpdate({ target: logFinding.workspaceId, set: row })

export const deleteFinding = (db: Db, workspaceId: WorkspaceId) =>
  db.delete(logFinding).where(eq(logFinding.workspaceId, workspaceId))

/**
 * A message to every integration of the workspace, unless this finding is shown already. In a batch before `setFinding` it
 * is so sent once, however often the batch is.
 */
export const tellFinding = (
  db: Db,
  workspaceId: WorkspaceId,
  { verdict, entry, foundAt }: FindingRow,
  event: AlertEvent,
) =>
  db.insert(outbox).select(
    db
      .select({
        workspaceId: integration.workspaceId,
        id: NEW_OUTBOX_ID.as('outbox_id'),
        effect:
          sql<Effect>`json_object('type', 'notify', 'integrationId', ${integration.id}, 'event', json(${JSON.stringify(event)}))`.as(
            'effect',
          ),
        dueAt: sql<number>`0`.as('due_at'),
        attempts: sql<number>`0`.as('attempts'),
      })
      .from(integration)
      .where(
        and(
          eq(integration.workspaceId, workspaceId),
          notExists(
            db
              .select({ shown: sql`1` })
              .from(logFinding)
              .where(
                and(
                  eq(logFinding.workspaceId, workspaceId),
                  eq(logFinding.verdict, verdict),
                  eq(logFinding.entry, entry),
                  eq(logFinding.foundAt, foundAt),
                ),
              ),
          ),
        ),
      ),
  )
