import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import { newId, type WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { remindOfApiKey } from '../services/api-key/remind.ts'
import { pruneAuditLog } from '../services/audit/prune.ts'
import { NO_CLIENT } from '../services/context.ts'
import { rewrapCredentials } from '../services/credential/rewrap.ts'
import type { Mutation } from '../services/mutation.ts'
import { wakeAt } from './night.ts'
import { makeReminders } from './reminders.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'

const HOUR_MS = 3_600_000
/** Far more than a workspace can need. A rotation that gets nowhere must not go on for ever in an alarm. */
const MAX_STEPS = 1000

type Answer = Result<MutationAnswer>

/** A change by a part of Candor, under the name of that part. */
export const systemChange =
  (mutate: (request: MutationRequest) => Promise<Answer>) =>
  (workspaceId: WorkspaceId, verb: Mutation, input: unknown, name: string): Promise<Answer> =>
    mutate({
      action: verb.action,
      input,
      credential: { type: 'system', workspaceId, name },
      surface: 'system',
      requestId: newId('request'),
      idempotencyKey: null,
      client: NO_CLIENT,
    })

/** What Candor changes in a workspace by itself: each is a change like any other, in turn and with its entry. */
export function makeChores(
  db: Db,
  storage: DurableObjectStorage,
  mutate: (request: MutationRequest) => Promise<Answer>,
) {
  const bySystem = systemChange(mutate)

  async function remind(workspaceId: WorkspaceId, id: string): Promise<void> {
    const answer = await bySystem(workspaceId, remindOfApiKey, { id }, 'reminders')
    if (!answer.ok) console.error(JSON.stringify({ event: 'reminder.refused', workspaceId, id, code: answer.code }))
  }
  const reminders = makeReminders(db, storage, remind)

  return {
    /** What is older than the plan keeps it goes after each night's check, in steps. */
    async prune(workspaceId: WorkspaceId): Promise<void> {
      while ((await bySystem(workspaceId, pruneAuditLog, {}, 'retention')).ok) {
        // There may be more that is too old.
      }
    },

    /** What older master keys have sealed is sealed under the active one, in steps. Answers how many it took. */
    async rewrap(workspaceId: WorkspaceId, kid: string): Promise<Result<number>> {
      for (let steps = 0; steps < MAX_STEPS; steps++) {
        const answer = await bySystem(workspaceId, rewrapCredentials, { kid }, 'rotation')
        if (answer.ok) continue
        if (answer.code === 'conflict') return { ok: true, value: steps }
        console.error(JSON.stringify({ event: 'rotation.stopped', workspaceId, steps, code: answer.code }))
        return answer
      }
      console.error(JSON.stringify({ event: 'rotation.endless', workspaceId }))
      return failure(new AppError('internal', 'The rotation does not come to an end. Look into the log of Candor.'))
    },

    /** Keys that end soon, once a day. Never throws: the alarm has other things to do. */
    async tellOfKeys(workspaceId: WorkspaceId): Promise<void> {
      try {
        await wakeAt(storage, await reminders(workspaceId, Date.now()))
      } catch (error) {
        logFault('reminders.failed', error, { workspaceId })
        await wakeAt(storage, Date.now() + HOUR_MS)
      }
    },
  }
}
