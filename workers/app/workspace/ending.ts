import { isOver } from '../../../shared/domain/grace.ts'
import { AppError, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import type { Db } from '../db/client.ts'
import { pruneAuditLog } from '../services/audit/prune.ts'
import type { Mutation } from '../services/mutation.ts'
import { endWorkspace } from '../services/workspace/end.ts'
import { purgeWorkspace } from '../services/workspace/purge.ts'
import { workspaceById } from '../services/workspace/rows.ts'
import { systemChange } from './chores.ts'
import { wipe } from './gone.ts'
import type { makeHandOver } from './hand-over.ts'
import type { HeadKeeper } from './head.ts'
import type { Memory } from './memory.ts'
import { wakeAt } from './night.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'
import { UNCHECKED } from './self-check.ts'

/** When an end that did not come to its end is taken up again. */
const AGAIN_MS = 60_000
/** Changes in one alarm: what is left is for the next. */
const MAX_STEPS = 200

export interface Ending {
  db: Db
  storage: DurableObjectStorage
  env: Env
  head: HeadKeeper
  memory: Memory
  handOver: ReturnType<typeof makeHandOver>
  mutate(request: MutationRequest): Promise<Result<MutationAnswer>>
}

/**
 * The end of a workspace, once nobody can keep it any more: its rows and salts, what the scheduler has, the texts of its
 * log, its own row, and what this object has. Each step is a change of its own or can be repeated, and the next alarm is
 * set before the first of them: it goes on wherever it was, until everything is gone.
 */
export function makeEnding({ db, storage, env, head, memory, handOver, mutate }: Ending) {
  const bySystem = systemChange(mutate)
  let steps = 0

  /** A change until it has nothing left to do. Throws when it is refused for another reason. */
  async function exhaust(workspaceId: WorkspaceId, verb: Mutation): Promise<void> {
    for (;;) {
      if (++steps > MAX_STEPS) throw new AppError('busy', 'The rest is for the next alarm.')
      const answer = await bySystem(workspaceId, verb, {}, 'ending')
      if (answer.ok) continue
      // `not_found`: its own row is gone already, and only what follows is left.
      if (answer.code === 'conflict' || answer.code === 'not_found') return
      throw new AppError(answer.code, answer.message)
    }
  }

  /** What anybody holds of this log can be compared with its end for ever. */
  const tellDeploymentLog = (workspaceId: WorkspaceId) =>
    handOver.give(workspaceId, { ...UNCHECKED, size: head.own().size, range: head.own().range })

  async function end(workspaceId: WorkspaceId): Promise<void> {
    steps = 0
    await exhaust(workspaceId, purgeWorkspace)
    await objectOf(env.MONITORING, env, workspaceId).erase()
    await exhaust(workspaceId, pruneAuditLog)
    await exhaust(workspaceId, endWorkspace)
    if ((await workspaceById(db, workspaceId)).length > 0) throw new AppError('conflict', 'Its row is still there.')
    await tellDeploymentLog(workspaceId)
    head.forget()
    memory.forget()
    wipe(storage)
    await storage.deleteAlarm()
    console.log(JSON.stringify({ event: 'workspace.ended', workspaceId }))
  }

  /** Whether it is over; noted, because at the end there is no row left that would say so. */
  async function isEnding(workspaceId: WorkspaceId, now: number): Promise<boolean> {
    if (storage.kv.get<boolean>('ending')) return true
    const [row] = await workspaceById(db, workspaceId)
    const endsAt = row?.endsAt ?? null
    if (endsAt !== null && endsAt > now) await wakeAt(storage, endsAt)
    if (!isOver(endsAt, now)) return false
    storage.kv.put('ending', true)
    return true
  }

  return {
    /** On each alarm. True when the workspace is over, and nothing else is to be done for it. Never throws. */
    async ring(workspaceId: WorkspaceId, now: number): Promise<boolean> {
      try {
        if (!(await isEnding(workspaceId, now))) return false
        await wakeAt(storage, now + AGAIN_MS)
        await end(workspaceId)
        return true
      } catch (error) {
        logFault('workspace.not_ended', error, { workspaceId })
        await wakeAt(storage, now + AGAIN_MS)
        return storage.kv.get<boolean>('ending') === true
      }
    },
  }
}
