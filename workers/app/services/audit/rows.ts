import { and, desc, eq, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { AuditFilter } from '../../../../shared/contracts/audit.ts'
import type { ExportGap } from '../../../../shared/contracts/audit-export.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { auditBody, auditLog, auditPerson } from '../../db/schema/audit.ts'
import { workspace } from '../../db/schema/workspace.ts'
import { headOf, seqAt } from '../log/rows.ts'

const columns = { leaf: auditBody.leaf, leafHash: auditLog.leafHash, person: auditPerson.json, seq: auditBody.seq }

/** Entries that a page with a filter looks at: what makes its rows read constant, however long the log is. */
export const SCAN = 2000

const entries = (db: Db) =>
  db
    .select(columns)
    .from(auditBody)
    .innerJoin(auditLog, and(eq(auditLog.logId, auditBody.logId), eq(auditLog.seq, auditBody.seq)))
    .leftJoin(
      auditPerson,
      and(
        eq(auditPerson.logId, auditBody.logId),
        eq(auditPerson.userId, auditBody.userId),
        eq(auditPerson.commitment, auditBody.person),
      ),
    )

/**
 * The id of a log on a plan that browses it, and NULL on another: as the value that the key is looked up by, so that no
 * row is read there. As a condition of its own it would be asked of every row that is read.
 */
const browsed = (workspaceId: WorkspaceId) =>
  sql`(SELECT ${workspace.workspaceId} FROM ${workspace} WHERE ${workspace.workspaceId} = ${workspaceId} AND ${workspace.plan} = 'pro')`

/** Everything of a filter but its time, on one entry. */
function matches({ actor, action, surface, entity, outcome }: AuditFilter): SQL | undefined {
  return and(
    actor === undefined ? undefined : sql`${actor} IN (${auditBody.actorId}, ${auditBody.userId})`,
    action === undefined ? undefined : eq(auditBody.action, action),
    surface === undefined ? undefined : eq(auditBody.surface, surface),
    entity === undefined ? undefined : eq(auditBody.entityId, entity),
    outcome === undefined
      ? undefined
      : outcome === 'refused'
        ? ne(auditBody.outcome, 'ok')
        : eq(auditBody.outcome, outcome),
  )
}

/** [low, high) of what a page looks at. `before`: only entries older than this one. */
function stretch(workspaceId: WorkspaceId, filter: AuditFilter, before: number | null) {
  const end = filter.to === undefined ? headOf(workspaceId) : seqAt(workspaceId, filter.to)
  const high = before === null ? end : sql`min(${end}, ${before})`
  const start = filter.from === undefined ? sql`0` : seqAt(workspaceId, filter.from)
  return { low: sql`max(${start}, ${high} - ${SCAN})`, high, start }
}

/**
 * Entries, newest first, on a plan that browses them; otherwise none, and none is read. Looks at no more than `SCAN`
 * entries: `auditStretch` says how far that was.
 */
export const auditPage = (
  db: Db,
  workspaceId: WorkspaceId,
  filter: AuditFilter,
  before: number | null,
  limit: number,
) => {
  const { low, high } = stretch(workspaceId, filter, before)
  return entries(db)
    .where(
      and(
        eq(auditBody.logId, browsed(workspaceId)),
        sql`${auditBody.seq} >= ${low}`,
        sql`${auditBody.seq} < ${high}`,
        matches(filter),
      ),
    )
    .orderBy(desc(auditBody.seq))
    .limit(limit)
}

/** The entries from a moment on, newest first, on any plan: none that is older is read. */
export const recentEntries = (db: Db, workspaceId: WorkspaceId, since: number, before: number | null, limit: number) =>
  entries(db)
    .where(
      and(
        eq(auditBody.logId, workspaceId),
        sql`${auditBody.seq} >= ${seqAt(workspaceId, since)}`,
        before === null ? undefined : lt(auditBody.seq, before),
      ),
    )
    .orderBy(desc(auditBody.seq))
    .limit(limit)

/** How far a page has looked, where its filter begins, and the size of the log. */
export const auditStretch = (db: Db, workspaceId: WorkspaceId, filter: AuditFilter, before: number | null) => {
  const { low, start } = stretch(workspaceId, filter, before)
  return db
    .select({
      low: sql<number>`${low}`.as('low'),
      start: sql<number>`${start}`.as('start'),
      size: sql<number>`${headOf(workspaceId)}`.as('size'),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))
}

/** One entry, on a plan that browses them. */
export const auditEntry = (db: Db, workspaceId: WorkspaceId, seq: number) =>
  entries(db).where(and(eq(auditBody.logId, browsed(workspaceId)), eq(auditBody.seq, seq)))

/** The texts of a run of entries, on a plan that browses them; those that are pruned are absent. */
export const leavesBetween = (db: Db, workspaceId: WorkspaceId, from: number, to: number) =>
  db
    .select({ seq: auditBody.seq, leaf: auditBody.leaf })
    .from(auditBody)
    .where(and(eq(auditBody.logId, browsed(workspaceId)), sql`${auditBody.seq} >= ${from}`, lt(auditBody.seq, to)))
    .orderBy(auditBody.seq)

/** Which entries a filter's time allows, [from, to), and the first one that is not pruned. */
export const exportBounds = (db: Db, workspaceId: WorkspaceId, filter: AuditFilter) =>
  db
    .select({
      from: sql<number>`${filter.from === undefined ? 0 : seqAt(workspaceId, filter.from)}`.as('from_seq'),
      to: sql<number>`${filter.to === undefined ? headOf(workspaceId) : seqAt(workspaceId, filter.to)}`.as('to_seq'),
      minimum: sql<number>`coalesce((SELECT min(seq) FROM ${auditBody} WHERE log_id = ${workspaceId}), 0)`.as(
        'minimum',
      ),
    })
    .from(workspace)
    .where(eq(workspace.workspaceId, workspaceId))

/** The minimum that the newest audit_log.prune entry has published: below it, and nowhere else, texts may be absent. */
const prunedBelow = (workspaceId: WorkspaceId) =>
  sql`coalesce((SELECT json_extract(leaf, '$.after.minimum') FROM ${auditBody} WHERE log_id = ${workspaceId} AND entity_id = ${workspaceId} AND action = 'audit_log.prune' ORDER BY seq DESC LIMIT 1), 0)`

/** Every `MARK`th range of the tree goes into an export. */
export const MARK = 256

/** The tree of a run of entries, and the texts of those that fit a filter, or why there is none. On a plan that browses. */
export const exportRows = (db: Db, workspaceId: WorkspaceId, filter: AuditFilter, from: number, to: number) => {
  const fits = matches(filter) ?? sql`1`
  return db
    .select({
      seq: as('log_seq', auditLog.seq),
      leafHash: auditLog.leafHash,
      range: sql<
        number[] | null
      >`CASE WHEN (${auditLog.seq} + 1) % ${sql.raw(String(MARK))} = 0 THEN ${auditLog.range} END`.as('mark'),
      why: sql<
        ExportGap['why']
      >`CASE WHEN ${auditBody.seq} IS NOT NULL THEN 'filter' WHEN ${auditLog.seq} < ${prunedBelow(workspaceId)} THEN 'pruned' ELSE 'missing' END`.as(
        'why',
      ),
      leaf: sql<string | null>`CASE WHEN ${fits} THEN ${auditBody.leaf} END`.as('leaf'),
      salt: auditPerson.salt,
      json: auditPerson.json,
    })
    .from(auditLog)
    .leftJoin(auditBody, and(eq(auditBody.logId, auditLog.logId), eq(auditBody.seq, auditLog.seq)))
    .leftJoin(
      auditPerson,
      and(
        eq(auditPerson.logId, auditBody.logId),
        eq(auditPerson.userId, auditBody.userId),
        eq(auditPerson.commitment, auditBody.person),
      ),
    )
    .where(and(eq(auditLog.logId, browsed(workspaceId)), sql`${auditLog.seq} >= ${from}`, lt(auditLog.seq, to)))
    .orderBy(auditLog.seq)
}

/** The newest entries about one thing, for its own page. */
export const auditOfEntity = (db: Db, workspaceId: WorkspaceId, entityId: string, limit: number) =>
  entries(db)
    .where(and(eq(auditBody.logId, browsed(workspaceId)), eq(auditBody.entityId, entityId)))
    .orderBy(desc(auditBody.seq))
    .limit(limit)

/** Everybody whose name the log has, members and former ones, for the filter of its page. */
export const peopleOfLog = (db: Db, workspaceId: WorkspaceId, limit: number) =>
  db
    .select({
      userId: auditPerson.userId,
      name: sql<string | null>`max(json_extract(${auditPerson.json}, '$.name'))`.as('name'),
    })
    .from(auditPerson)
    .where(eq(auditPerson.logId, browsed(workspaceId)))
    .groupBy(auditPerson.userId)
    .limit(limit)
