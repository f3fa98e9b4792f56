import { z } from 'zod'
import { found } from '../found.ts'
import type { Usage } from '../limits.ts'
import { query } from '../query.ts'
import { usageOf, workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

const NOTHING: Usage = {
  monitors: 0,
  integrations: 0,
  statusPages: 0,
  apiKeys: 0,
  members: 0,
  shortestInterval: null,
}

/** How much of its plan a workspace uses: for pages that say it before somebody asks for more, and for the operator. */
export const workspaceUsage = query({
  name: 'workspace.usage',
  scope: 'read',
  role: 'viewer',
  credentials: ['session', 'operator'],
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({
    workspace: workspaceById(db, workspaceId),
    usage: usageOf(db, workspaceId),
  }),
  answer: (_context, _input, { workspace, usage: [usage = NOTHING] }) => ({
    workspace: workspaceView(found(workspace, 'workspace')),
    usage,
  }),
})
