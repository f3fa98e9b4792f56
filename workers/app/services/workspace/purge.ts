import { z } from 'zod'
import { isOver } from '../../../../shared/domain/grace.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { TENANTS, type TenantName } from '../../db/tenants.ts'
import { found } from '../found.ts'
import { mutation, type Write, writeAny } from '../mutation.ts'
import { countTenantRows, deleteTenantRows } from '../tenant/rows.ts'
import { workspaceById } from './rows.ts'

/** Rows of one step. */
const STEP = 1000

/** Its own row is the last of all, and goes with its last entry. */
const NAMES = (Object.keys(TENANTS) as TenantName[]).filter((name) => name !== 'workspace')

/** How many rows a workspace has in each of its tables, counted as far as one step reaches. */
export const loadCounts = (db: Db, workspaceId: WorkspaceId) =>
  Object.fromEntries(NAMES.map((name) => [name, countTenantRows(db, workspaceId, TENANTS[name], STEP)]))

type Counts = Record<string, { count: number }[]>

export const countOf = (rows: Counts, name: string): number => rows[name]?.[0]?.count ?? 0

export const rowsLeft = (rows: Counts): number => NAMES.reduce((sum, name) => sum + countOf(rows, name), 0)

/** Refuses what is only done to a workspace that nobody can keep any more. */
export function requireOver({ endsAt }: { endsAt: number | null }, now: number): void {
  if (!isOver(endsAt, now)) throw new AppError('conflict', 'This workspace is not over.')
}

/**
 * What a workspace that is over has in its tables goes, in steps and in the order in which rows refer to each other; the
 * salts with the last of it, so that nothing it sealed can be opened again. The entry has figures only.
 */
export const purgeWorkspace = mutation({
  action: 'workspace.purge',
  scope: 'write',
  role: 'owner',
  credentials: ['system'],
  whileEnding: true,
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ ...loadCounts(db, workspaceId), workspace: workspaceById(db, workspaceId) }),
  run(db, { workspaceId, now }, _input, { workspace, ...counts }) {
    requireOver(found(workspace, 'workspace'), now)
    const gone: Record<string, number> = {}
    const writes: Write[] = []
    let room = STEP
    for (const name of NAMES) {
      const rows = Math.min(countOf(counts, name), room)
      if (room === 0 || rows === 0) continue
      writes.push(writeAny(deleteTenantRows(db, workspaceId, TENANTS[name], rows)))
      gone[name] = rows
      room -= rows
    }
    if (writes.length === 0) throw new AppError('conflict', 'Nothing of this workspace is left.')
    return { entityId: workspaceId, before: gone, after: null, writes }
  },
})
