import { z } from 'zod'
import { isOver } from '../../../../shared/domain/grace.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { setWorkspaceEnd, workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

/** A workspace that was deleted is kept after all, and goes on as it was. Once it is over, nobody is confirmed in it. */
export const keepWorkspace = mutation({
  action: 'workspace.keep',
  scope: 'write',
  role: 'owner',
  credentials: ['session', 'system'],
  whileEnding: true,
  route: 'POST /v1/workspace/keep',
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId) }),
  run(db, { workspaceId, seq, now }, _input, rows) {
    const before = found(rows.workspace, 'workspace')
    if (isOver(before.endsAt, now)) throw new AppError('not_found', 'This workspace is over.')
    if (before.endsAt === null) throw new AppError('conflict', 'Nobody has deleted this workspace.')
    return {
      entityId: workspaceId,
      before: { ...workspaceView(before) },
      after: { ...workspaceView({ ...before, endsAt: null }) },
      writes: [write(setWorkspaceEnd(db, workspaceId, null))],
      effects: [{ type: 'suspend', suspended: false, version: seq }],
    }
  },
})
