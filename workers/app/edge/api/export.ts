import type { Context, Hono } from 'hono'
import { AuditExportRequest, type AuditFilter } from '../../../../shared/contracts/audit.ts'
import { AppError } from '../../../../shared/errors.ts'
import { objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { type ExportOrder, exportNdjson } from '../../services/audit/export.ts'
import { exportCsv } from '../../services/audit/export-csv.ts'
import { noteExport } from '../../services/audit/note.ts'
import { unloggedExport } from '../../services/audit/unlogged.ts'
import { parseInput } from '../../services/input.ts'
import { workspaceLog } from '../../services/log/rows.ts'
import type { Edge } from '../context.ts'
import { queryOf } from '../query.ts'
import { credentialOf, mutate, noteKeyUse, read, requireMay, signerOf } from '../run.ts'

type C = Context<Edge>

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' }

/** Lines as a stream that is made as it is read, so that no more of the log is in memory than a block of it. */
export function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const next = await lines.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}

/** What is exported: a log up to and including the entry that says so, or what a filter leaves of it. */
export interface LogExport extends Pick<ExportOrder, 'log' | 'logId' | 'size' | 'unlogged'> {
  request: AuditExportRequest
}

export const exportRequestOf = (c: C): AuditExportRequest => parseInput({ input: AuditExportRequest }, queryOf(c))

/** A log as a file. */
export function exportFile(c: C, { request, ...what }: LogExport): Response {
  const { format, ...filter } = request
  const { logId, size, unlogged } = what
  const order = { ...what, filter: filter satisfies AuditFilter, checkpointer: signerOf(c), now: Date.now() }
  const db = database(c.env.DB)
  const lines = format === 'csv' ? exportCsv(db, order) : exportNdjson(db, order)
  return c.body(streamOf(lines), 200, {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="audit-${logId}-${size}${unlogged ? '-unlogged' : ''}.${format}"`,
  })
}

type Made = Pick<ExportOrder, 'size' | 'unlogged'>

/** The export as an entry of the log. The caller is confirmed by it, and the plan. */
async function logged(c: C): Promise<Made> {
  const { seq } = await mutate(c, noteExport, queryOf(c))
  return { size: seq + 1 }
}

/**
 * The copy of a log that takes no entry any more: it is wanted then more than ever. For an owner who is signed in, in the
 * form that can be verified; the object notes it in place of the entry, and the header says so.
 */
async function unlogged(c: C, format: string, error: unknown): Promise<Made> {
  const isOwners = credentialOf(c).type === 'session' && format === 'ndjson'
  if (!(error instanceof AppError) || error.code !== 'log_tampered' || !isOwners) throw error
  const { size, userId } = await read(c, unloggedExport, {})
  if (size === 0) throw error
  const object = objectOf(c.env.WORKSPACE, c.env, credentialOf(c).workspaceId)
  const state = await object.noteUnlogged({ userId, requestId: c.get('requestId'), at: Date.now() })
  return { size, unlogged: state }
}

/**
 * The workspace's log as a file. The export is an entry itself, made first: so the caller is confirmed, the plan is
 * checked, and the copy contains the entry of its own making.
 */
export async function exportAuditLog(c: C): Promise<Response> {
  requireMay(c, noteExport)
  const request = exportRequestOf(c)
  const made = await logged(c).catch((error) => unlogged(c, request.format, error))
  noteKeyUse(c)
  const { workspaceId } = credentialOf(c)
  return exportFile(c, { log: workspaceLog(workspaceId), logId: workspaceId, request, ...made })
}

export function exportRoute(app: Hono<Edge>): void {
  app.get('/v1/audit-logs/export', exportAuditLog)
}
