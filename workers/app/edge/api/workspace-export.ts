import type { Context, Hono } from 'hono'
import { objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { exportWorkspace, noteWorkspaceExport } from '../../services/workspace/export.ts'
import type { Edge } from '../context.ts'
import { queryOf } from '../query.ts'
import { credentialOf, mutate, noteKeyUse, requireMay } from '../run.ts'
import { streamOf } from './export.ts'

type C = Context<Edge>

/** Everything of the workspace as a file. That it was taken is an entry, made first: it confirms the caller. */
export async function exportOwnWorkspace(c: C): Promise<Response> {
  requireMay(c, noteWorkspaceExport)
  const { seq } = await mutate(c, noteWorkspaceExport, queryOf(c))
  noteKeyUse(c)
  const { workspaceId } = credentialOf(c)
  const monitoring = objectOf(c.env.MONITORING, c.env, workspaceId)
  const lines = exportWorkspace(database(c.env.DB), {
    workspaceId,
    entry: seq,
    now: Date.now(),
    history: (ids) => monitoring.history(ids),
  })
  return c.body(streamOf(lines), 200, {
    'content-type': 'application/x-ndjson',
    'content-disposition': `attachment; filename="workspace-${workspaceId}-${seq}.ndjson"`,
  })
}

export function workspaceExportRoute(app: Hono<Edge>): void {
  app.get('/v1/workspace/export', exportOwnWorkspace)
}
