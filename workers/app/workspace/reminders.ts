import { isTimeToRemind, REMIND_MS } from '../../../shared/domain/api-key.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { keysEnding } from '../services/api-key/rows.ts'

const DAY_MS = 86_400_000

/**
 * Once a day: has the holders of keys that end soon told. A crash on the way repeats the round, and a key that was told of is
 * not found again. Answers when to come again.
 */
export function makeReminders(
  db: Db,
  storage: DurableObjectStorage,
  remind: (workspaceId: WorkspaceId, keyId: string) => Promise<void>,
) {
  return async (workspaceId: WorkspaceId, now: number): Promise<number> => {
    const due = storage.kv.get<number>('nextReminders') ?? 0
    if (due > now) return due
    const keys = await keysEnding(db, workspaceId, now, now + REMIND_MS)
    for (const key of keys) if (isTimeToRemind(key, now)) await remind(workspaceId, key.id)
    storage.kv.put('nextReminders', now + DAY_MS)
    return now + DAY_MS
  }
}
