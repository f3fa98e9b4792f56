import { CreateWorkspace } from '../../../../shared/contracts/workspace.ts'
import { AppError } from '../../../../shared/errors.ts'
import { insertMembership } from '../member/rows.ts'
import { mutation, write } from '../mutation.ts'
import { insertWorkspace, insertWorkspaceKey, workspaceById } from './rows.ts'
import { slugOf } from './slug.ts'
import { workspaceView } from './view.ts'

/** A workspace and its key salt, with whoever signs in, or makes another one, as its owner. */
export const createWorkspace = mutation({
  action: 'workspace.create',
  scope: 'write',
  role: 'owner',
  credentials: ['sign_in', 'founder'],
  input: CreateWorkspace,
  load: (db, { workspaceId }) => ({ existing: workspaceById(db, workspaceId) }),
  run(db, { workspaceId, now, defaultPlan, actor }, { name, slug }, { existing }) {
    if (existing.length > 0) throw new AppError('conflict', 'This workspace exists already.')
    const row = {
      name,
      slug: slug ?? slugOf(name),
      plan: defaultPlan,
      createdAt: now,
      endsAt: null,
      pauseToldAt: null,
      pauseRemindedAt: null,
    }
    const salt = crypto.getRandomValues(new Uint8Array(32))
    return {
      entityId: workspaceId,
      before: null,
      after: { ...workspaceView({ ...row, workspaceId }), ownerId: actor.id },
      writes: [
        write(insertWorkspace(db, workspaceId, row)),
        write(insertWorkspaceKey(db, workspaceId, { epoch: 1, salt, createdAt: now })),
        write(insertMembership(db, workspaceId, { userId: actor.id, role: 'owner', createdAt: now })),
      ],
    }
  },
})
