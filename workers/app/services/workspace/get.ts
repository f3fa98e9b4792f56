import { z } from 'zod'
import { found } from '../found.ts'
import { query } from '../query.ts'
import { workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

export const getWorkspace = query({
  name: 'workspace.get',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/workspace',
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId) }),
  answer: (_context, _input, rows) => workspaceView(found(rows.workspace, 'workspace')),
})
