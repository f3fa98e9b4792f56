import { and, desc, eq, isNull, type Placeholder } from 'drizzle-orm'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { olderThan } from '../../db/keyset.ts'
import { preparedById } from '../../db/prepared.ts'
import { incident } from '../../db/schema/incident.ts'
import { monitor } from '../../db/schema/monitor.ts'

export type IncidentRow = typeof incident.$inferSelect

const openOf = (workspaceId: WorkspaceId | Placeholder, monitorId: string | Placeholder) =>
  and(eq(incident.workspaceId, workspaceId), eq(incident.monitorId, monitorId), isNull(incident.resolvedAt))

/** At most one row: an index of the database allows one open incident a monitor. */
export const openIncidentOf = preparedById((db, workspaceId, monitorId) =>
  db.select().from(incident).where(openOf(workspaceId, monitorId)),
)

export const incidentById = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db
    .select()
    .from(incident)
    .where(and(eq(incident.workspaceId, workspaceId), eq(incident.id, id)))

/** Its monitor: an incident goes with it, so there always is one. */
export const monitorOfIncident = (db: Db, workspaceId: WorkspaceId, id: string) =>
  db
    .select({ id: monitor.id, name: monitor.name, url: monitor.url })
    .from(incident)
    .innerJoin(monitor, and(eq(monitor.workspaceId, incident.workspaceId), eq(monitor.id, incident.monitorId)))
    .where(and(eq(incident.workspaceId, workspaceId), eq(incident.id, id)))

/** Newest first; of one monitor, or of all. */
export const incidentPage = (
  db: Db,
  workspaceId: WorkspaceId,
  monitorId: string | undefined,
  after: { at: number; id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(incident)
    .where(
      and(
        eq(incident.workspaceId, workspaceId),
        monitorId === undefined ? undefined : eq(incident.monitorId, monitorId),
        olderThan(incident.startedAt, incident.id, after),
      ),
    )
    .orderBy(desc(incident.startedAt), desc(incident.id))
    .limit(limit)

export const insertIncident = (db: Db, workspaceId: WorkspaceId, row: Omit<IncidentRow, 'workspaceId'>) =>
  db.insert(incident).values({ ...row, workspaceId })

export const setResolved = (db: Db, workspaceId: WorkspaceId, id: string, resolvedAt: number) =>
  db
    .update(incident)
    .set({ resolvedAt })
    .where(and(eq(incident.workspaceId, workspaceId), eq(incident.id, id), isNull(incident.resolvedAt)))

export const deleteIncidentsOfMonitor = (db: Db, workspaceId: WorkspaceId, monitorId: string) =>
  db.delete(incident).where(and(eq(incident.workspaceId, workspaceId), eq(incident.monitorId, monitorId)))
