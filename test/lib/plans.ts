import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import { newWorkspaceId, type Person, signedIn, workspaceOf } from './candor.ts'

/** Somebody with a workspace of their own on the free plan: their workspace object is configured to make such ones. */
export async function newFreePerson(): Promise<Person> {
  const workspaceId = newWorkspaceId()
  const userId = newId('user')
  const stub = workspaceOf(workspaceId)
  await runInDurableObject(stub, (workspace) => {
    Object.defineProperty(workspace, 'env', { value: { ...env, DEFAULT_PLAN: 'free' } })
  })
  const result = await stub.mutate({
    action: 'workspace.create',
    input: {
      name: 'Free',
      user: { id: userId, name: 'Free', email: `${userId.toLowerCase()}@example.test` },
      identity: { id: newId('identity'), provider: 'github', issuer: 'https://github.test', subject: userId },
    },
    credential: { type: 'sign_in', workspaceId, userId },
    surface: 'dashboard',
    requestId: newId('request'),
    idempotencyKey: null,
  })
  unwrap(result)
  return signedIn(workspaceId, userId)
}
