import type { Part } from '../../../shared/contracts/audit.ts'
import { isTimeToRemind, REMIND_MS } from '../../../shared/domain/api-key.ts'
import { pauseStep } from '../../../shared/domain/idle.ts'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import { newId, type WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { expireApiKey } from '../services/api-key/expire.ts'
import { remindOfApiKey } from '../services/api-key/remind.ts'
import { keysEnding, keysExpired } from '../services/api-key/rows.ts'
import { pruneAuditLog } from '../services/audit/prune.ts'
import { NO_CLIENT } from '../services/context.ts'
import { rewrapCredentials } from '../services/credential/rewrap.ts'
import { autoPauseMonitor } from '../services/monitor/auto-pause.ts'
import { runningMonitors } from '../services/monitor/rows.ts'
import type { Mutation } from '../services/mutation.ts'
import { idlenessOf } from '../services/workspace/rows.ts'
import { tellOfPause } from '../services/workspace/tell-of-pause.ts'
import { wakeAt } from './night.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'
import { makeRound } from './round.ts'

const HOUR_MS = 3_600_000
/** Far more than a workspace can need. A rotation that gets nowhere must not go on for ever in an alarm. */
const MAX_STEPS = 1000

type Answer = Result<MutationAnswer>

/** A change by a part of Candor, under the name of that part. */
export const systemChange =
  (mutate: (request: MutationRequest) => Promise<Answer>) =>
  (workspaceId: WorkspaceId, verb: Mutation, input: unknown, name: Part): Promise<Answer> =>
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

  async function change(workspaceId: WorkspaceId, verb: Mutation, input: { id?: string }, name: Part): Promise<void> {
    const answer = await bySystem(workspaceId, verb, input, name)
    if (answer.ok) return
    const { action } = verb
    console.error(JSON.stringify({ event: 'round.refused', action, workspaceId, ...input, code: answer.code }))
  }
  const reminders = makeRound(
    storage,
    'nextReminders',
    async (workspaceId, now) =>
      (await keysEnding(db, workspaceId, now, now + REMIND_MS)).filter((key) => isTimeToRemind(key, now)),
    (workspaceId, { id }) => change(workspaceId, remindOfApiKey, { id }, 'reminders'),
  )
  const expiry = makeRound(
    storage,
    'nextExpiry',
    (workspaceId, now) => keysExpired(db, workspaceId, now),
    (workspaceId, { id }) => change(workspaceId, expireApiKey, { id }, 'expiry'),
  )
  const pauses = makeRound(
    storage,
    'nextPause',
    async (workspaceId, now) => {
      const [workspace] = await idlenessOf(db, workspaceId)
      const step = workspace ? pauseStep(workspace, now) : null
      if (step !== 'pause') return step === null ? [] : [{ verb: tellOfPause, input: {} }]
      return (await runningMonitors(db, workspaceId)).map((input) => ({ verb: autoPauseMonitor, input }))
    },
    (workspaceId, { verb, input }) => change(workspaceId, verb, input, 'auto_pause'),
  )

  /** Never throws: the alarm has other things to do. */
  async function goRound(workspaceId: WorkspaceId, round: typeof expiry, failed: string): Promise<void> {
    try {
      await wakeAt(storage, await round(workspaceId, Date.now()))
    } catch (error) {
      logFault(failed, error, { workspaceId })
      await wakeAt(storage, Date.now() + HOUR_MS)
    }
  }

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

    /** Keys that end soon, once a day. Never throws. */
    tellOfKeys: (workspaceId: WorkspaceId): Promise<void> => goRound(workspaceId, reminders, 'reminders.failed'),

    /** Monitors of a workspace that nobody uses, once a day. Never throws. */
    pauseIdle: (workspaceId: WorkspaceId): Promise<void> => goRound(workspaceId, pauses, 'auto_pause.failed'),

    /** Keys that have ended by themselves, once a day. Never throws. */
    noteExpired: (workspaceId: WorkspaceId): Promise<void> => goRound(workspaceId, expiry, 'expiry.failed'),
  }
}
