import type { Transition } from '../../../shared/domain/schedule.ts'
import { logFault } from '../../../shared/fault.ts'
import { asWorkspaceId, newId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import { NO_CLIENT, ownKey } from '../services/context.ts'
import type { Store } from './store.ts'

/** Answers after which there is nothing left to tell: done, already so, or the monitor is gone. */
const FINAL = ['conflict', 'not_found', 'invalid']

async function tell(env: Env, workspace: string, transition: Transition): Promise<boolean> {
  const workspaceId = asWorkspaceId(workspace)
  if (!workspaceId) return true
  const { type, ...input } = transition
  const result = await objectOf(env.WORKSPACE, env, workspaceId).mutate({
    action: type,
    input,
    credential: { type: 'system', workspaceId, name: 'monitoring' },
    surface: 'system',
    requestId: newId('request'),
    idempotencyKey: ownKey(type, transition.monitorId, transition.startedAt),
    client: NO_CLIENT,
  })
  return result.ok || FINAL.includes(result.code)
}

/**
 * Tells the workspace what it has to hear, in order. A transition is stored with the state it comes from and leaves
 * when the workspace has taken it, so that none is lost; a repeat is answered by its idempotency key. Never throws.
 */
export async function deliverTransitions(store: Store, env: Env): Promise<void> {
  for (const { id, transition, workspaceId } of store.transitions()) {
    const told = await tell(env, workspaceId, transition).catch((error) => {
      logFault('transition.waiting', error, { workspaceId, type: transition.type })
      return false
    })
    if (!told) return
    store.deleteTransition(id)
  }
}
