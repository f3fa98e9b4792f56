import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { confirmCaller } from '../services/caller.ts'
import type { MutationRequest } from './request.ts'

const KEY = 'gone'

/** What is known of a storage: each change asks, and nobody but its object writes it. */
const known = new WeakMap<DurableObjectStorage, boolean>()

/** Whether the workspace of this object, or the account, has ended: the one thing that its storage keeps. */
export function isGone(storage: DurableObjectStorage): boolean {
  const gone = known.get(storage) ?? storage.kv.get<boolean>(KEY) === true
  known.set(storage, gone)
  return gone
}

/** Everything of an object's storage goes, at once, and that it has ended stays: its id is never used again. */
export function wipe(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    for (const [key] of storage.kv.list()) storage.kv.delete(key)
    storage.kv.put(KEY, true)
  })
  known.set(storage, true)
}

/** The same answer as in a workspace that never was. */
export function refusalOfGone({ credential }: MutationRequest): Result<never> {
  try {
    confirmCaller(credential, [], Date.now())
  } catch (error) {
    if (error instanceof AppError) return failure(error)
    throw error
  }
  return failure(new AppError('not_found', 'There is no such workspace.'))
}
