import { DurableObject } from 'cloudflare:workers'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { asWorkspaceId, type WorkspaceId } from '../../../shared/ids.ts'
import { configOf, type Env } from '../bindings.ts'
import { database } from '../db/client.ts'
import { keepHead } from './head.ts'
import { mutate, type Writer } from './mutate.ts'
import { drainOutbox } from './outbox.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'
import { makeTurns } from './turns.ts'

/** Changes that may wait for their turn. */
const MAX_WAITING = 1000
/** How soon effects are tried again when the queue did not take them. */
const RETRY_MS = 5000

/**
 * The only writer of a workspace. It takes changes in turn and commits each with its audit entry in one D1 batch.
 * Its own storage holds a copy of the log's head (head.ts) and the name of the workspace.
 */
export class Workspace extends DurableObject<Env> {
  readonly #inTurn = makeTurns(MAX_WAITING)
  readonly #inDrainTurn = makeTurns(MAX_WAITING)
  readonly #db = database(this.env.DB)
  readonly #head = keepHead(this.ctx.storage)

  /** Makes one change. Never throws: errors are answers (shared/errors.ts). */
  async mutate(request: MutationRequest): Promise<Result<MutationAnswer>> {
    try {
      const value = await this.#inTurn(() => mutate(this.#writer(request.credential.workspaceId), request))
      if (value.effects > 0) this.ctx.waitUntil(this.#drain())
      return { ok: true, value }
    } catch (error) {
      if (error instanceof AppError) return failure(error)
      console.error(
        JSON.stringify({
          event: 'mutation.failed',
          action: request.action,
          requestId: request.requestId,
          error: String(error),
        }),
      )
      return failure(new AppError('internal', 'Something went wrong on our side. Nothing was changed.'))
    }
  }

  /** Effects that a crash left behind, and that the queue did not take. */
  override async alarm(): Promise<void> {
    await this.#drain()
  }

  #writer(workspaceId: WorkspaceId): Writer {
    this.ctx.storage.kv.put('workspaceId', workspaceId)
    return {
      db: this.#db,
      config: configOf(this.env),
      head: this.#head,
      now: () => Date.now(),
      wakeForEffects: () => this.ctx.storage.setAlarm(Date.now() + RETRY_MS),
    }
  }

  /**
   * Hands effects to the queue, one drain at a time, so that none is sent twice at once. It never throws: an alarm that
   * throws too often is dropped for ever, so a failure sets the next alarm itself.
   */
  async #drain(): Promise<void> {
    const workspaceId = asWorkspaceId(this.ctx.storage.kv.get<string>('workspaceId') ?? '')
    if (!workspaceId) return
    try {
      await this.#inDrainTurn(async () => {
        while (await drainOutbox(this.#db, workspaceId, this.env.OUTBOX)) {
          // Another batch is waiting.
        }
      })
    } catch (error) {
      console.error(JSON.stringify({ event: 'outbox.waiting', error: String(error).slice(0, 200) }))
      await this.ctx.storage.setAlarm(Date.now() + RETRY_MS)
    }
  }
}
