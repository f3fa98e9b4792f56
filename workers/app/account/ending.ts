import { isOver } from '../../../shared/domain/grace.ts'
import { AppError, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import { newId } from '../../../shared/ids.ts'
import type { Env } from '../bindings.ts'
import type { Db } from '../db/client.ts'
import { userById } from '../services/account/rows.ts'
import { NO_CLIENT } from '../services/context.ts'
import { wipe } from '../workspace/gone.ts'
import type { HeadKeeper } from '../workspace/head.ts'
import { wakeAt } from '../workspace/night.ts'
import { makeBelongings } from './belongings.ts'
import type { AccountAnswer, AccountRequest } from './request.ts'

/** When what did not come to its end is taken up again. */
const AGAIN_MS = 60_000
/** While a workspace that goes with the account is still there. */
const LATER_MS = 3_600_000

interface Ending {
  db: Db
  storage: DurableObjectStorage
  env: Env
  head: HeadKeeper
  mutate(request: AccountRequest): Promise<Result<AccountAnswer>>
}

/**
 * The end of an account: workspaces in which nobody else is are deleted with it and kept with it; once nobody can keep it
 * any more, it leaves the others, is erased from their logs, and goes itself. Every step can be repeated, and the next
 * alarm is set before the first of them.
 */
export function makeEnding({ db, storage, env, head, mutate }: Ending) {
  const belongings = makeBelongings(db, storage, env)
  const request = (userId: string) => ({ userId, requestId: newId('request'), client: NO_CLIENT, now: Date.now() })

  async function exhaust(userId: string, type: 'person.erase' | 'audit_log.prune' | 'account.end'): Promise<void> {
    for (;;) {
      const answer = await mutate({ type, ...request(userId) })
      if (!answer.ok && answer.code !== 'conflict') throw new AppError(answer.code, answer.message)
      if (!answer.ok || type !== 'audit_log.prune') return
    }
  }

  async function end(userId: string, now: number): Promise<void> {
    if ((await belongings.deleteOwned(userId)) > 0) return storage.setAlarm(now + LATER_MS)
    await belongings.leaveEverywhere(userId)
    await exhaust(userId, 'person.erase')
    await exhaust(userId, 'audit_log.prune')
    await exhaust(userId, 'account.end')
    if ((await userById(db, userId)).length > 0) throw new AppError('conflict', 'The person is still there.')
    head.forget()
    wipe(storage)
    await storage.deleteAlarm()
    console.log(JSON.stringify({ event: 'account.ended', userId }))
  }

  /** True when the account is over, and nothing else is to be done for it. */
  async function step(userId: string, now: number): Promise<boolean> {
    const [person] = await userById(db, userId)
    const endsAt = person?.endsAt ?? null
    const ending = storage.kv.get<boolean>('ending') === true
    if (ending || isOver(endsAt, now)) {
      storage.kv.put('ending', true)
      await storage.setAlarm(now + AGAIN_MS)
      await end(userId, now)
      return true
    }
    if (endsAt === null) await belongings.keepOwned()
    else {
      await wakeAt(storage, endsAt)
      await belongings.deleteOwned(userId)
    }
    return false
  }

  return {
    /** On each alarm, and after the account was deleted or kept. Never throws. */
    async ring(userId: string, now: number): Promise<boolean> {
      try {
        return await step(userId, now)
      } catch (error) {
        logFault('account.not_ended', error, { userId })
        await wakeAt(storage, now + AGAIN_MS)
        return storage.kv.get<boolean>('ending') === true
      }
    },
  }
}
