import { and, desc, eq, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { AuditFilter } from '../../../../shared/contracts/audit.ts'
import type { ExportGap } from '../../../../shared/contracts/audit-export.ts'
import type { Db } from '../../db/client.ts'
import { as } from '../../db/columns.ts'
import { auditBody, auditLog, auditPerson } from '../../db/schema/audit.ts'
import { headOf, type LogId, type LogKey, ONE_ROW, personOfEntry, seqAt, withTexts } from '../log/rows.ts'

// Entries of any log, to be read: these functions take the log (test/architecture.test.ts lists this file).

const columns = { leaf: auditBody.leaf, leafHash: auditLog.leafHash, person: auditPerson.json, seq: auditBody.seq }

/** Entries that a page with a filter looks at: what makes its rows read constant, however long the log is. */
export const SCAN = 2000

/** The same of the entries about one thing: the index has each twice, and its row is read besides. */
export const ENTITY_SCAN = 500

export const entries = (db: Db) =>
  db
    .select(columns)
    .from(auditBody)
    .innerJoin(auditLog, and(eq(auditLog.logId, auditBody.logId), eq(auditLog.seq, auditBody.seq)))
    .leftJoin(auditPerson, personOfEntry)

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

/** Whether every entry about the thing that is asked for is wanted, but for its time: then none is looked at in vain. */
const isEntityAlone = ({ entity, actor, action, surface, outcome }: AuditFilter): boolean =>
  entity !== undefined && [actor, action, surface, outcome].every((field) => field === undefined)

/**
 * The newest entries about one thing in [from, to), as the index has them. Left to itself, the database takes the key of
 * the table, and reads all of the log.
 */
const ofEntity = ({ readable }: LogKey, entity: string, from: SQL, to: SQL, rest: SQL) =>
  sql`(SELECT seq FROM ${auditBody} INDEXED BY audit_body_entity WHERE log_id = ${readable} AND entity_id = ${entity} AND seq >= ${from} AND seq < ${to} ORDER BY seq DESC LIMIT ${rest})`

/** [start, high) of what is asked for. `before`: only entries older than this one. */
function span({ id }: LogKey, { from, to }: AuditFilter, before: number | null) {
  const end = to === undefined ? headOf(id) : seqAt(id, to)
  const high = before === null ? end : sql`min(${end}, ${before})`
  return { start: from === undefined ? sql`0` : seqAt(id, from), high }
}

/** [low, high) of what a page looks at: so many entries of the log, or of one thing's own. */
function stretch(log: LogKey, filter: AuditFilter, before: number | null) {
  const { start, high } = span(log, filter, before)
  const { entity } = filter
  if (isEntityAlone(filter)) return { low: start, high, start }
  if (entity === undefined) return { low: sql`max(${start}, ${high} - ${SCAN})`, high, start }
  const last = ofEntity(log, entity, start, high, sql`1 OFFSET ${ENTITY_SCAN - 1}`)
  return { low: sql`coalesce(${last}, ${start})`, high, start }
}

/** Which entries a page looks at. */
function isLookedAt(log: LogKey, filter: AuditFilter, before: number | null, limit: number): SQL {
  const { entity } = filter
  if (entity !== undefined) {
    const { start, high } = span(log, filter, before)
    const newest = ofEntity(log, entity, start, high, sql`${isEntityAlone(filter) ? limit : ENTITY_SCAN}`)
    return sql`${auditBody.seq} IN ${newest}`
  }
  const { low, high } = stretch(log, filter, before)
  return sql`${auditBody.seq} >= ${low} AND ${auditBody.seq} < ${high}`
}

/**
 * Entries, newest first, where they may be read; otherwise none, and none is read. Looks at no more than `SCAN` entries,
 * or `ENTITY_SCAN` of one thing: `entryStretch` says how far that was.
 */
export const entryPage = (db: Db, log: LogKey, filter: AuditFilter, before: number | null, limit: number) =>
  entries(db)
    .where(and(eq(auditBody.logId, log.readable), isLookedAt(log, filter, before, limit), matches(filter)))
    .orderBy(desc(auditBody.seq))
    .limit(limit)

/** The entries from a moment on, newest first, on any plan: none that is older is read. */
export const recentEntries = (db: Db, { id }: LogKey, since: number, before: number | null, limit: number) =>
  entries(db)
    .where(
      and(
        eq(auditBody.logId, id),
        sql`${auditBody.seq} >= ${seqAt(id, since)}`,
        before === null ? undefined : lt(auditBody.seq, before),
      ),
    )
    .orderBy(desc(auditBody.seq))
    .limit(limit)

/** How far a page has looked, where its filter begins, and the size of the log. */
export const entryStretch = (db: Db, log: LogKey, filter: AuditFilter, before: number | null) => {
  const { low, start } = stretch(log, filter, before)
  return db
    .select({
      low: sql<number>`${low}`.as('low'),
      start: sql<number>`${start}`.as('start'),
      size: sql<number>`${headOf(log.id)}`.as('size'),
    })
    .from(ONE_ROW)
}

/** One entry, where it may be read. */
export const entryAt = (db: Db, log: LogKey, seq: number) =>
  entries(db).where(and(eq(auditBody.logId, log.readable), eq(auditBody.seq, seq)))

/** The texts of a run of entries, where they may be read; those that are pruned are absent. */
export const leavesBetween = (db: Db, log: LogKey, from: number, to: number) =>
  db
    .select({ seq: auditBody.seq, leaf: auditBody.leaf })
    .from(auditBody)
    .where(and(eq(auditBody.logId, log.readable), sql`${auditBody.seq} >= ${from}`, lt(auditBody.seq, to)))
    .orderBy(auditBody.seq)

/** Which entries a filter's time allows, [from, to), and the first one that is not pruned. */
export const exportBounds = (db: Db, { id }: LogKey, filter: AuditFilter) =>
  db
    .select({
      from: sql<number>`${filter.from === undefined ? 0 : seqAt(id, filter.from)}`.as('from_seq'),
      to: sql<number>`${filter.to === undefined ? headOf(id) : seqAt(id, filter.to)}`.as('to_seq'),
      minimum: sql<number>`coalesce((SELECT min(seq) FROM ${auditBody} WHERE log_id = ${id}), 0)`.as('minimum'),
    })
    .from(ONE_ROW)

/**
 * The minimum that the newest audit_log.prune entry below a size has published: below it, and nowhere else, texts may be
 * absent from the log at this size.
 */
const prunedBelow = (id: LogId, size: number) =>
  sql`coalesce((SELECT json_extract(leaf, '$.after.minimum') FROM ${auditBody} WHERE log_id = ${id} AND entity_id = ${id} AND action = 'audit_log.prune' AND seq < ${size} ORDER BY seq DESC LIMIT 1), 0)`

/** Whether an entry at or after a size has erased the person whom an entry is of. */
const erasedSince = (id: LogId, size: number) =>
  sql`EXISTS (SELECT 1 FROM ${auditBody} AS later WHERE later.log_id = ${id} AND later.entity_id = ${auditBody.userId} AND later.seq >= ${size} AND later.action = 'person.erase' AND later.outcome = 'ok')`

/** Whether the log at a size still had what is gone of an entry now. */
const goneSince = (id: LogId, size: number) =>
  sql<number>`CASE WHEN ${auditBody.seq} IS NULL THEN ${auditLog.seq} >= ${prunedBelow(id, size)} AND ${auditLog.seq} < ${prunedBelow(id, Number.MAX_SAFE_INTEGER)} WHEN ${auditBody.person} IS NOT NULL AND ${auditPerson.salt} IS NULL THEN ${erasedSince(id, size)} ELSE 0 END`

/** Every `MARK`th range of the tree goes into an export. */
export const MARK = 256

/**
 * The tree of a run of entries, and the texts of those that fit a filter, or why there is none, where entries may be
 * read. `size`: how long the log is in the export.
 */
export const exportRows = (
  db: Db,
  log: LogKey,
  filter: AuditFilter,
  [from, to]: readonly [number, number],
  size: number,
) => {
  const fits = matches(filter) ?? sql`1`
  return withTexts(
    db
      .select({
        seq: as('log_seq', auditLog.seq),
        leafHash: auditLog.leafHash,
        range: sql<
          number[] | null
        >`CASE WHEN (${auditLog.seq} + 1) % ${sql.raw(String(MARK))} = 0 THEN ${auditLog.range} END`.as('mark'),
        why: sql<
          ExportGap['why']
        >`CASE WHEN ${auditBody.seq} IS NOT NULL THEN 'filter' WHEN ${auditLog.seq} < ${prunedBelow(log.id, size)} THEN 'pruned' ELSE 'missing' END`.as(
          'why',
        ),
        leaf: sql<string | null>`CASE WHEN ${fits} THEN ${auditBody.leaf} END`.as('leaf'),
        salt: auditPerson.salt,
        json: auditPerson.json,
        goneSince: goneSince(log.id, size).as('gone_since'),
      })
      .from(auditLog)
      .$dynamic(),
  )
    .where(and(eq(auditLog.logId, log.readable), sql`${auditLog.seq} >= ${from}`, lt(auditLog.seq, to)))
    .orderBy(auditLog.seq)
}
