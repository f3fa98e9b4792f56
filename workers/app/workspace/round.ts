import type { WorkspaceId } from '../../../shared/ids.ts'

const DAY_MS = 86_400_000

/**
 * Once a day: a change for each thing that is found. A crash on the way repeats the round, and what was changed is not
 * found again. Answers when to come again. `due` names the moment in the object's storage.
 */
export function makeRound<Found>(
  storage: DurableObjectStorage,
  due: string,
  find: (workspaceId: WorkspaceId, now: number) => Promise<Found[]>,
  change: (workspaceId: WorkspaceId, found: Found) => Promise<void>,
) {
  return async (workspaceId: WorkspaceId, now: number): Promise<number> => {
    const at = storage.kv.get<number>(due) ?? 0
    if (at > now) return at
    for (const found of await find(workspaceId, now)) await change(workspaceId, found)
    storage.kv.put(due, now + DAY_MS)
    return now + DAY_MS
  }
}
