import { and, asc, desc, eq, getTableColumns, gt, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { incident } from '../../db/schema/incident.ts'
import { monitor } from '../../db/schema/monitor.ts'
import { statusPage, statusPageMonitor } from '../../db/schema/status-page.ts'
import { workspace } from '../../db/schema/workspace.ts'

// Public pages are asked for by their slug: the workspace is what the slug belongs to, and every other table is
// filtered by it in the same statement (test/architecture.test.ts lists this file).

/** None of a workspace that is being deleted. */
export const pageBySlug = (db: Db, slug: string) =>
  db
    .select(getTableColumns(statusPage))
    .from(statusPage)
    .innerJoin(workspace, and(eq(workspace.workspaceId, statusPage.workspaceId), isNull(workspace.endsAt)))
    .where(eq(statusPage.slug, slug))

const ofPage = (slug: string) =>
  and(
    eq(statusPage.slug, slug),
    eq(statusPageMonitor.workspaceId, statusPage.workspaceId),
    eq(statusPageMonitor.statusPageId, statusPage.id),
  )

/** Monitors of a page, in the order shown. Only what the public may see. */
export const monitorsBySlug = (db: Db, slug: string) =>
  db
    .select({ id: monitor.id, name: monitor.name, active: monitor.active, createdAt: monitor.createdAt })
    .from(statusPage)
    .innerJoin(statusPageMonitor, ofPage(slug))
    .innerJoin(
      monitor,
      and(eq(monitor.workspaceId, statusPage.workspaceId), eq(monitor.id, statusPageMonitor.monitorId)),
    )
    .orderBy(asc(statusPageMonitor.position))

/** Incidents of a page's monitors: those that are open, then those since a moment, the newest first. */
export const incidentsBySlug = (db: Db, slug: string, since: number, limit: number) =>
  db
    .select({
      id: incident.id,
      monitorId: incident.monitorId,
      startedAt: incident.startedAt,
      resolvedAt: incident.resolvedAt,
      // The address and what it answered are the owner's business; the public learns that it failed, and when.
      errorClass: sql<string>`json_extract(${incident.cause}, '$.errorClass')`,
    })
    .from(statusPage)
    .innerJoin(statusPageMonitor, ofPage(slug))
    .innerJoin(
      incident,
      and(eq(incident.workspaceId, statusPage.workspaceId), eq(incident.monitorId, statusPageMonitor.monitorId)),
    )
    .where(or(isNull(incident.resolvedAt), gt(incident.startedAt, since)))
    .orderBy(desc(isNull(incident.resolvedAt)), desc(incident.startedAt))
    .limit(limit)
