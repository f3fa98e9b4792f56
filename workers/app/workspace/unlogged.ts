import type { AuditStatus } from '../../../shared/contracts/operator.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'

/** Who took a copy of a log that could not note it. */
export interface Unlogged {
  userId: string
  requestId: string
  /** Unix milliseconds. */
  at: number
}

const KEY = 'unlogged'

export const unloggedExports = (storage: DurableObjectStorage): AuditStatus['unlogged'] =>
  storage.kv.get<AuditStatus['unlogged']>(KEY) ?? { count: 0, last: null }

/** In place of the entry: how many there were and the last one in the object's storage, and each as a line of Candor's log. */
export function noteUnlogged(storage: DurableObjectStorage, logId: WorkspaceId | null, exported: Unlogged): void {
  storage.kv.put(KEY, { count: unloggedExports(storage).count + 1, last: exported })
  console.error(JSON.stringify({ event: 'audit.exported_unlogged', logId, ...exported }))
}
