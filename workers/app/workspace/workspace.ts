import { DurableObject } from 'cloudflare:workers'
import type { AuditStatus } from '../../../shared/contracts/operator.ts'
import { findingText } from '../../../shared/domain/finding.ts'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { canMail, configOf, type Env } from '../bindings.ts'
import { database } from '../db/client.ts'
import { acceptAuditLog } from '../services/audit/accept.ts'
import { compareEnds, readAcceptable } from './accept.ts'
import { type LogState, makeChecker } from './checker.ts'
import { makeChores } from './chores.ts'
import { makeEnding } from './ending.ts'
import { makeFindings } from './finding.ts'
import { isGone, refusalOfGone } from './gone.ts'
import { takeGroup } from './group.ts'
import { makeHandOver } from './hand-over.ts'
import { accepting, type Head } from './head.ts'
import { makeKnown } from './known.ts'
import { makeMemory } from './memory.ts'
import { mutateGroup, type Writer } from './mutate.ts'
import { nightly, wakeAt } from './night.ts'
import { makeDrain } from './outbox.ts'
import { keepOwnHead } from './own-head.ts'
import { makeOwnId } from './own-id.ts'
import { makeQueue } from './queue.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'
import { UNCHECKED } from './self-check.ts'
import { noteUnlogged, type Unlogged, unloggedExports } from './unlogged.ts'
import { type AskedHead, vouch } from './vouch.ts'

/** Changes that may wait for their turn. */
const MAX_WAITING = 1000
/** When an alarm looks for effects that a crash right after their commit has left. */
const SOON_MS = 5000
/** When what D1 could not be told is tried again. */
const AGAIN_MS = 60_000

type Answer = Result<MutationAnswer>

/**
 * The only writer of a workspace. It takes changes in turn and commits each with its audit entry; those that wait at the
 * same time and touch nothing in common share a D1 batch. Its own storage holds a copy of the log's head (head.ts) and
 * the id of the workspace.
 */
export class Workspace extends DurableObject<Env> {
  readonly #db = database(this.env.DB)
  readonly #id = makeOwnId(this.ctx.storage)
  readonly #findings = makeFindings(this.#db, this.ctx.storage, () => configOf(this.env).publicUrl)
  readonly #head = keepOwnHead(this.#db, this.ctx.storage, this.#findings, () => this.#id.get())
  readonly #memory = makeMemory()
  readonly #known = makeKnown()
  readonly #inTurn = makeQueue(MAX_WAITING, takeGroup, (group: MutationRequest[]) => this.#commit(group))
  readonly #drainOutbox = makeDrain(this.#db, this.env)
  readonly #checker = makeChecker(this.#db, this.ctx.storage, this.#head, this.#findings)
  readonly #handOver = makeHandOver(this.#db, this.ctx.storage, this.env)
  readonly #chores = makeChores(this.#db, this.ctx.storage, (request) => this.mutate(request))
  readonly #ending = makeEnding({
    db: this.#db,
    storage: this.ctx.storage,
    env: this.env,
    head: this.#head,
    memory: this.#memory,
    handOver: this.#handOver,
    mutate: (request) => this.mutate(request),
  })
  /** While an operator accepts a log: the end that was read, once it was. */
  #accepting: { head: Head | null } | null = null

  /** Makes one change. Never throws: errors are answers (shared/errors.ts). */
  async mutate(request: MutationRequest): Promise<Answer> {
    try {
      if (isGone(this.ctx.storage)) return refusalOfGone(request)
      return await this.#inTurn(request)
    } catch (error) {
      if (error instanceof AppError) return failure(error)
      logFault('mutation.failed', error, { requestId: request.requestId })
      return failure(new AppError('internal', 'Something went wrong on our side. Nothing was changed.'))
    }
  }

  /** Effects that a crash left behind, that failed before, or that the queue lost; and what is done once a day. */
  override async alarm(): Promise<void> {
    const workspaceId = this.#id.get()
    if (!workspaceId || (await this.#ending.ring(workspaceId, Date.now()))) return
    await this.#drain()
    const tidy = () => this.#chores.prune(workspaceId)
    const done = await nightly(this.ctx.storage, { logId: workspaceId, checker: this.#checker, tidy })
    await this.#bringFinding()
    if (done || this.#handOver.isDue(Date.now())) await this.#toDeploymentLog(workspaceId)
    if (done) await this.rewrap(workspaceId)
    await this.#chores.noteExpired(workspaceId)
    // What nobody can be told of beforehand is not done.
    if (!canMail(configOf(this.env))) return
    await this.#chores.tellOfKeys(workspaceId)
    await this.#chores.pauseIdle(workspaceId)
  }

  /** Says that an effect of this workspace is due at a moment, Unix milliseconds. */
  async wakeAt(at: number): Promise<void> {
    await wakeAt(this.ctx.storage, at)
  }

  /** How the log stands by its own check. Reads on a little: what was written since the last one. */
  async logState(): Promise<LogState> {
    const workspaceId = this.#id.get()
    if (!workspaceId) return { size: 0, checked: UNCHECKED }
    const state = await this.#checker.look(workspaceId)
    await this.#bringFinding()
    return state
  }

  /** How the log stands, for the operator: the object's own copy beside what D1 has. Never throws. */
  async auditStatus(workspaceId: WorkspaceId): Promise<Result<AuditStatus>> {
    try {
      const { known, stored, fits } = await compareEnds(this.#db, this.#head, workspaceId)
      const { size, begun, at, finding } = (await this.logState()).checked
      const unlogged = unloggedExports(this.ctx.storage)
      return { ok: true, value: { known, stored, fits, finding, checked: { size, begun, at }, unlogged } }
    } catch (error) {
      logFault('audit.check_failed', error, { workspaceId })
      return failure(new AppError('unavailable', 'The log could not be read just now. Try again.'))
    }
  }

  /** Takes the log that D1 has as this workspace's log, with an entry that says so. Never throws. */
  async acceptLog(request: Omit<MutationRequest, 'action' | 'input'>): Promise<Answer> {
    if (this.#accepting) return failure(new AppError('busy', 'This log is being accepted already.'))
    this.#accepting = { head: null }
    try {
      return await this.#accept(this.#accepting, request)
    } catch (error) {
      if (error instanceof AppError) return failure(error)
      logFault('audit.not_accepted', error, { requestId: request.requestId })
      return failure(new AppError('unavailable', 'The log could not be read just now. Nothing was changed. Try again.'))
    } finally {
      this.#accepting = null
    }
  }

  /** Notes an export of a log that takes no entry any more. Answers what its header has to say. */
  noteUnlogged(exported: Unlogged): { known: number; finding: string } {
    noteUnlogged(this.ctx.storage, this.#id.get(), exported)
    const finding = this.#findings.current()
    return { known: this.#head.own().size, finding: finding ? findingText(finding) : '' }
  }

  /** Seals what older master keys have sealed under the active one. Answers in how many steps. Never throws. */
  async rewrap(workspaceId: WorkspaceId): Promise<Result<number>> {
    return this.#chores.rewrap(workspaceId, configOf(this.env).keyring.active.kid)
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

  async #commit(group: MutationRequest[]): Promise<Answer[]> {
    const [first] = group
    if (!first) return []
    const answers = await this.#mutate(this.#writer(first.credential.workspaceId), group)
    if (answers.some((answer) => answer.ok && answer.value.effects.length > 0)) this.ctx.waitUntil(this.#drain())
    return answers
  }

  async #accept(state: { head: Head | null }, request: Omit<MutationRequest, 'action' | 'input'>): Promise<Answer> {
    const { workspaceId } = request.credential
    const { head, input } = await readAcceptable(this.#db, this.#head, workspaceId)
    // What is remembered may not be in this log, and its own check has to begin anew. Before the entry is made, so that a
    // crash right after it leaves nothing of the other log.
    this.#memory.forget()
    this.#checker.restart()
    state.head = head
    const answer = await this.mutate({ ...request, action: acceptAuditLog.action, input })
    if (answer.ok) this.#findings.sound(workspaceId, 'pass')
    await this.#bringFinding()
    return answer
  }

  /** A change that goes through shows that the end of the log is right, one that does not go through that it is not. */
  async #mutate(writer: Writer, group: MutationRequest[]): Promise<Answer[]> {
    const accepted = group[0]?.action === acceptAuditLog.action ? (this.#accepting?.head ?? null) : null
    try {
      if (accepted) return await mutateGroup({ ...writer, head: accepting(this.#head, accepted) }, group)
      const answers = await mutateGroup(writer, group)
      if (answers.some(({ ok }) => ok)) this.#findings.sound(writer.workspaceId, 'head')
      return answers
    } finally {
      await this.#bringFinding()
    }
  }

  /** Never throws: what D1 could not be told waits for the next alarm. */
  async #bringFinding(): Promise<void> {
    const workspaceId = this.#findings.isBehind() ? this.#id.get() : null
    if (!workspaceId) return
    try {
      await this.#findings.bring(workspaceId)
      this.ctx.waitUntil(this.#drain())
    } catch (error) {
      logFault('audit.finding_not_told', error, { workspaceId })
      await this.wakeAt(Date.now() + AGAIN_MS)
    }
  }

  #writer(workspaceId: WorkspaceId): Writer {
    if (this.#id.get() !== workspaceId) {
      this.#id.keep(workspaceId)
      this.ctx.waitUntil(this.wakeAt(Date.now() + SOON_MS))
    }
    const config = configOf(this.env)
    return {
      workspaceId,
      db: this.#db,
      memory: this.#memory,
      known: this.#known,
      config,
      targets: { allowPrivate: config.allowPrivate, ownHosts: config.ownHosts },
      head: this.#head,
      now: () => Date.now(),
      wakeForEffects: () => this.wakeAt(Date.now() + SOON_MS),
    }
  }

  /** Never throws: an alarm that throws too often is dropped for ever, so the next one is set whatever happens. */
  async #drain(): Promise<void> {
    const workspaceId = this.#id.get()
    if (!workspaceId) return
    const next = await this.#drainOutbox(workspaceId, Date.now()).catch((error) => {
      logFault('outbox.waiting', error, { workspaceId })
      return Date.now() + SOON_MS
    })
    if (next !== null) await this.wakeAt(next)
  }
}
