import { AppError } from '../../../shared/errors.ts'
import { asWorkspaceId, type WorkspaceId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import type { Db } from '../db/client.ts'
import { tracesOf, workspacesOwnedBy } from '../services/account-ending/rows.ts'
import { leaveWorkspace } from '../services/member/leave.ts'
import type { Mutation } from '../services/mutation.ts'
import { erasePerson } from '../services/person/erase.ts'
import { deleteWorkspace } from '../services/workspace/delete.ts'
import { keepWorkspace } from '../services/workspace/keep.ts'
import { systemChange } from '../workspace/chores.ts'

/** Workspaces that are asked for at once. */
const AT_ONCE = 50
const MAX_ROUNDS = 20

/** What an account whose end was asked for has in workspaces. Each change is made by the workspace's own object. */
export function makeBelongings(db: Db, storage: DurableObjectStorage, env: Env) {
  const bySystem = systemChange((request) =>
    objectOf(env.WORKSPACE, env, request.credential.workspaceId).mutate(request),
  )
  /** Workspaces that were deleted with the account; noted before it is done. */
  const withIt = () => storage.kv.get<string[]>('withAccount') ?? []

  /** A change in a workspace, done or not to be done any more. Throws when it has to be tried again. */
  async function settle(workspaceId: WorkspaceId, verb: Mutation, input: unknown): Promise<void> {
    const answer = await bySystem(workspaceId, verb, input, 'account')
    if (!answer.ok && answer.code !== 'not_found' && answer.code !== 'conflict')
      throw new AppError(answer.code, answer.message)
  }

  return {
    /** What nobody else is in goes with the account. Answers how many workspaces are still owned. */
    async deleteOwned(userId: string): Promise<number> {
      const owned = await workspacesOwnedBy(db, userId)
      for (const { id, name, endsAt, members } of owned) {
        const workspaceId = asWorkspaceId(id)
        if (!workspaceId || endsAt !== null) continue
        if (members > 1)
          throw new AppError('conflict', 'A workspace with others in it is owned by an account that ends.')
        storage.kv.put('withAccount', [...new Set([...withIt(), id])])
        await settle(workspaceId, deleteWorkspace, { name })
      }
      return owned.length
    },

    async keepOwned(): Promise<void> {
      for (const id of withIt()) {
        const workspaceId = asWorkspaceId(id)
        if (workspaceId) await settle(workspaceId, keepWorkspace, {})
        storage.kv.put(
          'withAccount',
          withIt().filter((other) => other !== id),
        )
      }
    },

    /** Nothing in any workspace names them any more. */
    async leaveEverywhere(userId: string): Promise<void> {
      for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
        const traces = await tracesOf(db, userId, AT_ONCE)
        if (traces.length === 0) return
        for (const { id, isMember } of traces) {
          const workspaceId = asWorkspaceId(id)
          if (!workspaceId) throw new AppError('internal', 'Something that is no workspace names a person.')
          if (isMember) await settle(workspaceId, leaveWorkspace, { id: userId })
          await settle(workspaceId, erasePerson, { id: userId })
        }
      }
      throw new AppError('busy', 'Something in a workspace names this person still.')
    },
  }
}
