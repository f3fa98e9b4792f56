import { asWorkspaceId, type WorkspaceId } from '../../../shared/ids.ts'
import { isGone } from './gone.ts'

const KEY = 'workspaceId'

/** Which workspace an object is of. In memory as well, since that never changes: each change asks for it. */
export function makeOwnId(storage: DurableObjectStorage) {
  let id: WorkspaceId | null = null
  return {
    /** Null before its first change, and when it has ended. */
    get(): WorkspaceId | null {
      if (isGone(storage)) return null
      id ??= asWorkspaceId(storage.kv.get<string>(KEY) ?? '')
      return id
    },
    keep(workspaceId: WorkspaceId): void {
      storage.kv.put(KEY, workspaceId)
      id = workspaceId
    },
  }
}
