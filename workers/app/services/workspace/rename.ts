import { RenameWorkspace } from '../../../../shared/contracts/workspace.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { setWorkspaceName, workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

export const renameWorkspace = mutation({
  action: 'workspace.rename',
  scope: 'write',
  role: 'admin',
  route: 'PATCH /v1/workspace',
  input: RenameWorkspace,
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId) }),
  run(db, { workspaceId }, { name, slug }, rows) {
    const before = found(rows.workspace, 'workspace')
    const names = { name: name ?? before.name, slug: slug ?? before.slug }
    return {
      entityId: workspaceId,
      before: { ...workspaceView(before) },
      after: { ...workspaceView({ ...before, ...names }) },
      writes: [write(setWorkspaceName(db, workspaceId, names))],
    }
  },
})
