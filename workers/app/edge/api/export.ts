import type { Context, Hono } from 'hono'
import { AuditExportRequest, type AuditFilter } from '../../../../shared/contracts/audit.ts'
import { database } from '../../db/client.ts'
import { exportNdjson } from '../../services/audit/export.ts'
import { exportCsv } from '../../services/audit/export-csv.ts'
import { noteExport } from '../../services/audit/note.ts'
import { parseInput } from '../../services/input.ts'
import { type LogKey, workspaceLog } from '../../services/log/rows.ts'
import type { Edge } from '../context.ts'
import { credentialOf, mutate, noteKeyUse, requireMay, signerOf } from '../run.ts'

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' }

/** Lines as a stream that is made as it is read, so that no more of the log is in memory than a block of it. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
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
export interface LogExport {
  log: LogKey
  logId: string
  request: AuditExportRequest
  size: number
}

export const exportRequestOf = (c: Context<Edge>): AuditExportRequest =>
  parseInput({ input: AuditExportRequest }, c.req.query())

/** A log as a file. */
export function exportFile(c: Context<Edge>, { log, logId, request, size }: LogExport): Response {
  const { format, ...filter } = request
  const order = {
    log,
    logId,
    filter: filter satisfies AuditFilter,
    size,
    checkpointer: signerOf(c),
    now: Date.now(),
  }
  const db = database(c.env.DB)
  const lines = format === 'csv' ? exportCsv(db, order) : exportNdjson(db, order)
  return c.body(streamOf(lines), 200, {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="audit-${logId}-${size}.${format}"`,
  })
}

/**
 * The workspace's log as a file. The export is an entry itself, made first: so the caller is confirmed, the plan is
 * checked, and the copy contains the entry of its own making.
 */
export async function exportAuditLog(c: Context<Edge>): Promise<Response> {
  requireMay(c, noteExport)
  const request = exportRequestOf(c)
  const { seq } = await mutate(c, noteExport, { ...c.req.query() })
  noteKeyUse(c)
  const { workspaceId } = credentialOf(c)
  return exportFile(c, { log: workspaceLog(workspaceId), logId: workspaceId, request, size: seq + 1 })
}

export function exportRoute(app: Hono<Edge>): void {
  app.get('/v1/audit-logs/export', exportAuditLog)
}
