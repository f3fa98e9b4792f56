import { env } from 'cloudflare:workers'
import type { WorkspaceId } from '../../shared/ids.ts'
import { configOf } from '../../workers/app/bindings.ts'
import { database } from '../../workers/app/db/client.ts'
import { rangeAfter } from '../../workers/app/services/log/rows.ts'
import { keepHead } from '../../workers/app/workspace/head.ts'
import { makeKnown } from '../../workers/app/workspace/known.ts'
import { makeMemory } from '../../workers/app/workspace/memory.ts'
import type { Writer } from '../../workers/app/workspace/mutate.ts'

/** Another instance of a workspace's object, with a memory of its own, as while the platform replaces one. */
export function otherInstance(workspaceId: WorkspaceId, storage: DurableObjectStorage): Writer {
  const db = database(env.DB)
  return {
    workspaceId,
    db,
    memory: makeMemory(),
    known: makeKnown(),
    targets: { allowPrivate: [], ownHosts: [] },
    config: configOf(env),
    head: keepHead(storage, { rangeAfter: (size) => rangeAfter(db, workspaceId, size) }),
    now: () => Date.now(),
    wakeForEffects: async () => undefined,
  }
}
