import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { newPerson, newWorkspaceId, type Person, workspaceOf } from './candor.ts'

/** Somebody with a workspace of their own on the free plan: their workspace object is configured to make such ones. */
export async function newFreePerson(): Promise<Person> {
  const workspaceId = newWorkspaceId()
  await runInDurableObject(workspaceOf(workspaceId), (workspace) => {
    Object.defineProperty(workspace, 'env', { value: { ...env, DEFAULT_PLAN: 'free' } })
  })
  return newPerson('Free', workspaceId)
}
