import { z } from 'zod'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { textBounds } from '../log/rows.ts'
import { mutation, write } from '../mutation.ts'
import { loadCounts, requireOver, rowsLeft } from './purge.ts'
import { deleteWorkspaceRow, workspaceById } from './rows.ts'

/**
 * The last entry of a workspace's log, with which its own row goes. It is what stays to say that there was one: its id and
 * when it ended here, size and root of its log in the row of this entry. The database takes nothing after it.
 */
export const endWorkspace = mutation({
  action: 'workspace.end',
  scope: 'write',
  role: 'owner',
  credentials: ['system'],
  whileEnding: true,
  input: z.strictObject({}),
  load: (db, { workspaceId, now }) => ({
    ...loadCounts(db, workspaceId),
    workspace: workspaceById(db, workspaceId),
    bounds: textBounds(db, workspaceId, now),
  }),
  run(db, { workspaceId, now, seq }, _input, { workspace, bounds: [bounds], ...counts }) {
    const { endsAt } = found(workspace, 'workspace')
    requireOver({ endsAt }, now)
    if (rowsLeft(counts) > 0 || seq - (bounds?.oldest ?? 0) > 1)
      throw new AppError('conflict', 'Something of this workspace is left.')
    return {
      entityId: workspaceId,
      before: { endsAt: new Date(endsAt ?? now).toISOString(), entries: seq },
      after: null,
      writes: [write(deleteWorkspaceRow(db, workspaceId))],
    }
  },
})
