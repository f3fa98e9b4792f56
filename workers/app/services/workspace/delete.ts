import { reaches } from '../../../../shared/contracts/common.ts'
import { DeleteWorkspace } from '../../../../shared/contracts/workspace.ts'
import { GRACE_MS } from '../../../../shared/domain/grace.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Effect } from '../../db/schema/outbox.ts'
import { found } from '../found.ts'
import { memberIds } from '../member/rows.ts'
import { mutation, write } from '../mutation.ts'
import { setWorkspaceEnd, workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

/**
 * The workspace ends in seven days. Until then nothing of it is lost, and nothing happens in it: no check, no alert, no
 * API key, no public page. By its owner, or with the account of its owner when nobody else belongs to it.
 */
export const deleteWorkspace = mutation({
  action: 'workspace.delete',
  scope: 'write',
  role: 'owner',
  credentials: ['session', 'system'],
  route: 'DELETE /v1/workspace',
  limits: ['sends'],
  input: DeleteWorkspace,
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId), members: memberIds(db, workspaceId) }),
  run(db, { workspaceId, now, seq, actor }, { name }, rows) {
    const before = found(rows.workspace, 'workspace')
    if (actor.type === 'system' && rows.members.length > 1)
      throw new AppError('conflict', 'Somebody else belongs to this workspace.')
    if (name !== before.name) {
      const message = `Give the name of the workspace, ${before.name}, to delete it.`
      throw new AppError('invalid', message, [{ field: 'name', message }])
    }
    const endsAt = now + GRACE_MS
    const mails = rows.members
      .filter(({ role }) => reaches(role, 'admin'))
      .map(({ userId }): Effect => ({ type: 'mail', mail: { kind: 'workspace_ending', userId } }))
    return {
      entityId: workspaceId,
      before: { ...workspaceView(before) },
      after: { ...workspaceView({ ...before, endsAt }) },
      writes: [write(setWorkspaceEnd(db, workspaceId, endsAt))],
      effects: [{ type: 'suspend', suspended: true, version: seq }, ...mails],
    }
  },
})
