import { CreateWorkspace } from '../../../../shared/contracts/workspace.ts'
import { AppError } from '../../../../shared/errors.ts'
import { insertIdentity, insertUser } from '../account/rows.ts'
import { mutation, write } from '../mutation.ts'
import { insertMembership, insertWorkspace, insertWorkspaceKey, workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

/** A person's first sign-in: the person, how they sign in, a workspace and its key salt, and they as its owner, at once. */
export const createWorkspace = mutation({
  action: 'workspace.create',
  scope: 'write',
  role: 'owner',
  credentials: ['sign_in'],
  input: CreateWorkspace,
  load: (db, { workspaceId }) => ({ existing: workspaceById(db, workspaceId) }),
  run(db, { workspaceId, now, defaultPlan }, input, { existing }) {
    if (existing.length > 0) throw new AppError('conflict', 'This workspace exists already.')
    const row = { name: input.name, plan: defaultPlan, createdAt: now }
    const userId = input.user.id
    return {
      entityId: workspaceId,
      before: null,
      after: { ...workspaceView({ ...row, workspaceId }), ownerId: userId, identityProvider: input.identity.provider },
      writes: [
        write(insertUser(db, { ...input.user, createdAt: now })),
        write(insertIdentity(db, { ...input.identity, userId, createdAt: now })),
        write(insertWorkspace(db, workspaceId, row)),
        write(
          insertWorkspaceKey(db, workspaceId, {
            epoch: 1,
            salt: crypto.getRandomValues(new Uint8Array(32)),
            createdAt: now,
          }),
        ),
        write(insertMembership(db, workspaceId, { userId, role: 'owner', createdAt: now })),
      ],
    }
  },
})
