import { z } from 'zod'
import type {
  WorkspaceExportEnd,
  WorkspaceExportHeader,
  WorkspaceExportLine,
} from '../../../../shared/contracts/workspace-export.ts'
import type { MonitorHistory } from '../../../../shared/domain/schedule.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { TENANTS, type Tenant, type TenantName } from '../../db/tenants.ts'
import { namesOfMembers } from '../member/rows.ts'
import { mutation } from '../mutation.ts'
import { tenantPage } from '../tenant/rows.ts'
import { EXPORTED, NOT_EXPORTED, NOT_READ } from './export-parts.ts'

/** Rows a round trip: at most this many are in memory. */
const PAGE = 200
/** Monitors whose history is asked for at once: 400 days each. */
const HISTORIES = 20

/** Somebody takes a copy of the workspace: on every plan, and while it is being deleted too. */
export const noteWorkspaceExport = mutation({
  action: 'workspace.export',
  scope: 'read',
  role: 'viewer',
  limits: ['exports'],
  input: z.strictObject({}),
  whileEnding: true,
  touches: () => [],
  load: () => ({}),
  run: (_db, { workspaceId }) => ({ entityId: workspaceId, before: null, after: null, writes: [] }),
})

export interface WorkspaceExportOrder {
  workspaceId: WorkspaceId
  /** Sequence of the entry that says so. */
  entry: number
  /** Unix milliseconds. */
  now: number
  /** Days and outages of monitors, from the object that has them. */
  history(monitorIds: string[]): Promise<MonitorHistory[]>
}

type Row = Record<string, unknown>

/** Rows of a table, page by page. */
async function* rowsOf(db: Db, workspaceId: WorkspaceId, tenant: Tenant): AsyncGenerator<Row[]> {
  // Columns by their names in the schema, to say where a page ended.
  const names = tenant.key.map((column) => Object.entries(tenant.table).find(([, one]) => one === column)?.[0] ?? '')
  let after: unknown[] | null = null
  for (;;) {
    const rows: Row[] = await tenantPage(db, workspaceId, tenant, after, PAGE)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = names.map((name) => last[name])
  }
}

/** Members have names, which stand in no row of the workspace. */
async function named(db: Db, workspaceId: WorkspaceId, rows: Row[]): Promise<Map<unknown, object>> {
  const ids = rows.map(({ userId }) => String(userId))
  const people = await namesOfMembers(db, workspaceId, ids)
  return new Map(people.map(({ userId, name, email }) => [userId, { name, email }]))
}

const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())

async function* historyLines(ids: string[], { history }: WorkspaceExportOrder): AsyncGenerator<WorkspaceExportLine> {
  for (let i = 0; i < ids.length; i += HISTORIES)
    for (const { id, days, outages } of await history(ids.slice(i, i + HISTORIES)))
      yield {
        candor: 'history',
        monitorId: id,
        days,
        outages: outages.map(({ startedAt, endedAt }) => ({ startedAt: isoOf(startedAt), endedAt: isoOf(endedAt) })),
      }
}

async function* linesOf(db: Db, order: WorkspaceExportOrder): AsyncGenerator<WorkspaceExportLine> {
  const { workspaceId } = order
  for (const [name, line] of Object.entries(EXPORTED) as [TenantName, (row: Row) => object][])
    for await (const rows of rowsOf(db, workspaceId, TENANTS[name])) {
      const people = name === 'membership' ? await named(db, workspaceId, rows) : null
      for (const row of rows) yield { candor: name, ...line(row), ...people?.get(row.userId) }
      if (name === 'monitor')
        yield* historyLines(
          rows.map(({ id }) => String(id)),
          order,
        )
    }
}

/** A workspace as NDJSON, version 1 (shared/contracts/workspace-export.ts), line by line. */
export async function* exportWorkspace(db: Db, order: WorkspaceExportOrder): AsyncGenerator<string> {
  const { workspaceId, entry, now } = order
  const header: WorkspaceExportHeader = {
    candor: 'workspace-export',
    v: 1,
    workspace: workspaceId,
    exportedAt: new Date(now).toISOString(),
    entry,
    leftOut: [...Object.entries(NOT_EXPORTED).map(([what, why]) => ({ what, why })), ...NOT_READ],
  }
  yield `${JSON.stringify(header)}\n`
  let lines = 1
  for await (const line of linesOf(db, order)) {
    yield `${JSON.stringify(line)}\n`
    lines++
  }
  yield `${JSON.stringify({ end: lines } satisfies WorkspaceExportEnd)}\n`
}
