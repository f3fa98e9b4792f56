import { DurableObject } from 'cloudflare:workers'
import type { TilePlace } from '../../../shared/domain/tile.ts'
import { logFault } from '../../../shared/fault.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import { configOf, type Env } from '../bindings.ts'
import { publicCheckpoint, receiptOf, standingOf, tileOf } from './read.ts'
import type { DeploymentStanding, HandOver, HandOverAnswer } from './request.ts'
import { openStore } from './store.ts'
import { takeCheckpoint } from './take.ts'
import { nextSubmission, publishNewest, submit } from './witnessing.ts'

/**
 * The only writer of the deployment's own log, whose leaves are the checkpoints of the workspaces' logs. One object, with
 * the log in its own SQLite: nobody who has D1 alone can touch it.
 */
export class DeploymentLog extends DurableObject<Env> {
  readonly #store = openStore(this.ctx.storage)
  #last: Promise<unknown> = Promise.resolve()

  /** Takes a workspace's checkpoint, one at a time: hashing leaves room for another call in between. */
  async add(request: HandOver): Promise<HandOverAnswer> {
    const turn = this.#last.then(() => this.#take(request))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async checkpoint(): Promise<string> {
    publishNewest(this.#store, this.#config().witness, Date.now())
    return publicCheckpoint(this.#store, this.#config().checkpointer)
  }

  async tile(level: number, place: TilePlace): Promise<Uint8Array | null> {
    return tileOf(this.#store, level, place)
  }

  async receipt(workspaceId: WorkspaceId): Promise<string | null> {
    return receiptOf(this.#store, this.#config().checkpointer, workspaceId)
  }

  async standing(workspaceId: WorkspaceId): Promise<DeploymentStanding> {
    return standingOf(this.#store, workspaceId, this.#config().witness !== null)
  }

  /** Never throws: an alarm that throws too often is dropped for ever. */
  override async alarm(): Promise<void> {
    const { witness, checkpointer } = this.#config()
    if (!witness || nextSubmission(this.#store, witness, 0) === null) return
    await submit(this.#store, witness, checkpointer).catch((error) => logFault('witness.failed', error))
    await this.#wake()
  }

  #config() {
    return configOf(this.env)
  }

  async #take(request: HandOver): Promise<HandOverAnswer> {
    const { witness, checkpointer } = this.#config()
    const answer = await takeCheckpoint(this.#store, checkpointer, request, Date.now())
    publishNewest(this.#store, witness, Date.now())
    await this.#wake()
    return answer
  }

  /** Sees to it that the witness hears of the newest head. An alarm that is due sooner stays. */
  async #wake(): Promise<void> {
    const { witness } = this.#config()
    const next = witness && nextSubmission(this.#store, witness, Date.now())
    const alarm = await this.ctx.storage.getAlarm()
    if (next !== null && (alarm === null || alarm > next)) await this.ctx.storage.setAlarm(next)
  }
}
