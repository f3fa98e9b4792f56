import { DurableObject } from 'cloudflare:workers'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import { asWorkspaceId, newId, type WorkspaceId } from '../../../shared/ids.ts'
import { canMail, configOf, type Env } from '../bindings.ts'
import { database } from '../db/client.ts'
import { remindOfApiKey } from '../services/api-key/remind.ts'
import { pruneAuditLog } from '../services/audit/prune.ts'
import { NO_CLIENT } from '../services/context.ts'
import type { Mutation } from '../services/mutation.ts'
import { type LogState, makeChecker } from './checker.ts'
import { takeGroup } from './group.ts'
import { makeHandOver } from './hand-over.ts'
import { keepHead } from './head.ts'
import { makeMemory } from './memory.ts'
import { mutateGroup, type Writer } from './mutate.ts'
import { nightly, wakeAt } from './night.ts'
import { makeDrain } from './outbox.ts'
import { makeQueue } from './queue.ts'
import { makeReminders } from './reminders.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'
import { UNCHECKED } from './self-check.ts'
import { type AskedHead, vouch } from './vouch.ts'

/** Changes that may wait for their turn. */
const MAX_WAITING = 1000
/** When an alarm looks for effects that a crash right after their commit has left. */
const SOON_MS = 5000
const HOUR_MS = 3_600_000

type Answer = Result<MutationAnswer>

/**
 * The only writer of a workspace. It takes changes in turn and commits each with its audit entry; those that wait at the
 * same time and touch nothing in common share a D1 batch. Its own storage holds a copy of the log's head (head.ts) and
 * the id of the workspace.
 */
export class Workspace extends DurableObject<Env> {
  readonly #db = database(this.env.DB)
  readonly #head = keepHead(this.ctx.storage)
  readonly #memory = makeMemory()
  readonly #inTurn = makeQueue(MAX_WAITING, takeGroup, (group: MutationRequest[]) => this.#commit(group))
  readonly #drainOutbox = makeDrain(this.#db, this.env)
  readonly #checker = makeChecker(this.#db, this.ctx.storage, this.#head)
  readonly #handOver = makeHandOver(this.#db, this.ctx.storage, this.env)
  readonly #reminders = makeReminders(this.#db, this.ctx.storage, (workspaceId, id) => this.#remind(workspaceId, id))

  /** Makes one change. Never throws: errors are answers (shared/errors.ts). */
  async mutate(request: MutationRequest): Promise<Answer> {
    try {
      return await this.#inTurn(request)
    } catch (error) {
      if (error instanceof AppError) return failure(error)
      const name = error instanceof Error ? error.name : typeof error
      console.error(JSON.stringify({ event: 'mutation.failed', requestId: request.requestId, name }))
      return failure(new AppError('internal', 'Something went wrong on our side. Nothing was changed.'))
    }
  }

  /** Effects that a crash left behind, that failed before, or that the queue lost; and what is done once a day. */
  override async alarm(): Promise<void> {
    await this.#drain()
    const workspaceId = this.#workspaceId()
    if (!workspaceId) return
    const tidy = () => this.#prune(workspaceId)
    const done = await nightly(this.ctx.storage, { logId: workspaceId, checker: this.#checker, tidy })
    if (done || this.#handOver.isDue(Date.now())) await this.#toDeploymentLog(workspaceId)
    await this.#tellOfKeys(workspaceId)
  }

  /** Says that an effect of this workspace is due at a moment, Unix milliseconds. */
  async wakeAt(at: number): Promise<void> {
    await wakeAt(this.ctx.storage, at)
  }

  /** How the log stands by its own check. Reads on a little: what was written since the last one. */
  async logState(): Promise<LogState> {
    const workspaceId = this.#workspaceId()
    return workspaceId ? this.#checker.look(workspaceId) : { size: 0, checked: UNCHECKED }
  }

  /** Whether a head that is to be signed is one that this log has had. Never throws: errors are answers. */
  async vouch(workspaceId: string, asked: AskedHead): Promise<Result<null>> {
    return vouch(this.#db, workspaceId, this.#head, asked)
  }

  /**
   * The checkpoint up to where the log has just been found right goes to the deployment log: soon after the log was
   * begun, each night, and again when it could not be handed over. Never throws.
   */
  async #toDeploymentLog(workspaceId: WorkspaceId): Promise<void> {
    try {
      const { checked } = await this.#checker.look(workspaceId)
      if (checked.finding === null) await this.#handOver.give(workspaceId, checked)
    } catch (error) {
      logFault('deployment_log.waiting', error, { workspaceId })
      await this.wakeAt(this.#handOver.later(Date.now()))
    }
  }

  /** A change that Candor makes by itself. */
  #bySystem(workspaceId: WorkspaceId, verb: Mutation, input: unknown, name: string): Promise<Answer> {
    return this.mutate({
      action: verb.action,
      input,
      credential: { type: 'system', workspaceId, name },
      surface: 'system',
      requestId: newId('request'),
      idempotencyKey: null,
      client: NO_CLIENT,
    })
  }

  /** What is older than the plan keeps it goes after each night's check, in steps. */
  async #prune(workspaceId: WorkspaceId): Promise<void> {
    while ((await this.#bySystem(workspaceId, pruneAuditLog, {}, 'retention')).ok) {
      // There may be more that is too old.
    }
  }

  /** Keys that end soon, once a day. Never throws, like `#drain`. */
  async #tellOfKeys(workspaceId: WorkspaceId): Promise<void> {
    try {
      if (canMail(configOf(this.env))) await this.wakeAt(await this.#reminders(workspaceId, Date.now()))
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error
      console.error(JSON.stringify({ event: 'reminders.failed', workspaceId, name }))
      await this.wakeAt(Date.now() + HOUR_MS)
    }
  }

  async #remind(workspaceId: WorkspaceId, id: string): Promise<void> {
    const answer = await this.#bySystem(workspaceId, remindOfApiKey, { id }, 'reminders')
    if (!answer.ok) console.error(JSON.stringify({ event: 'reminder.refused', workspaceId, id, code: answer.code }))
  }

  async #commit(group: MutationRequest[]): Promise<Answer[]> {
    const [first] = group
    if (!first) return []
    const answers = await mutateGroup(this.#writer(first.credential.workspaceId), group)
    if (answers.some((answer) => answer.ok && answer.value.effects > 0)) this.ctx.waitUntil(this.#drain())
    return answers
  }

  #workspaceId(): WorkspaceId | null {
    return asWorkspaceId(this.ctx.storage.kv.get<string>('workspaceId') ?? '')
  }

  #writer(workspaceId: WorkspaceId): Writer {
    if (this.#workspaceId() !== workspaceId) {
      this.ctx.storage.kv.put('workspaceId', workspaceId)
      this.ctx.waitUntil(this.wakeAt(Date.now() + SOON_MS))
    }
    const config = configOf(this.env)
    return {
      workspaceId,
      db: this.#db,
      memory: this.#memory,
      config,
      targets: { allowPrivate: config.allowPrivate, ownHosts: config.ownHosts },
      head: this.#head,
      now: () => Date.now(),
      wakeForEffects: () => this.wakeAt(Date.now() + SOON_MS),
    }
  }

  /** Never throws: an alarm that throws too often is dropped for ever, so the next one is set whatever happens. */
  async #drain(): Promise<void> {
    const workspaceId = this.#workspaceId()
    if (!workspaceId) return
    const next = await this.#drainOutbox(workspaceId, Date.now()).catch((error) => {
      const name = error instanceof Error ? error.name : typeof error
      console.error(JSON.stringify({ event: 'outbox.waiting', workspaceId, name }))
      return Date.now() + SOON_MS
    })
    if (next !== null) await this.wakeAt(next)
  }
}
