import { DurableObject } from 'cloudflare:workers'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { newId } from '../../../shared/ids.ts'
import type { Env } from '../bindings.ts'
import { database } from '../db/client.ts'
import { deleteOldSessions } from '../services/account/rows.ts'
import { NO_CLIENT } from '../services/context.ts'
import { SESSION_ABSOLUTE_MS } from '../services/session/lifetime.ts'
import { type LogState, makeChecker } from '../workspace/checker.ts'
import { makeFindings } from '../workspace/finding.ts'
import { isGone } from '../workspace/gone.ts'
import { nightly, wakeAt } from '../workspace/night.ts'
import { keepOwnHead } from '../workspace/own-head.ts'
import { makeQueue } from '../workspace/queue.ts'
import { UNCHECKED } from '../workspace/self-check.ts'
import { type AskedHead, vouch } from '../workspace/vouch.ts'
import { changeAccount } from './change.ts'
import { makeEnding } from './ending.ts'
import type { AccountAnswer, AccountRequest } from './request.ts'
import { signedOut } from './sign-in.ts'
import { keepUnrecorded, type Unrecorded } from './unrecorded.ts'

const MAX_WAITING = 100
/** When an object that has just learnt whose it is looks after its log. */
const SOON_MS = 5000
/** The gate on sessions goes by the database's clock. */
const CLOCKS_DIFFER_MS = 3_600_000

/** Changes after which workspaces are deleted or kept with the account. */
const TURNS: AccountRequest['type'][] = ['account.delete', 'account.keep']

/** How an account's log stands, and what it could not take. */
export interface AccountState extends LogState {
  unrecorded: Unrecorded[]
}

/**
 * The only writer of a person's own log, which is named by the person's id: how they came to be known, their sessions,
 * and who tried to sign in as them. It has the form and the gates of a workspace's log.
 */
export class Account extends DurableObject<Env> {
  readonly #db = database(this.env.DB)
  /** Kept here and shown on the pages of the log: an account has no integrations that could be told. */
  readonly #findings = makeFindings(this.#db, this.ctx.storage, () => '')
  readonly #head = keepOwnHead(this.#db, this.ctx.storage, this.#findings, () => this.#userId() ?? null)
  readonly #checker = makeChecker(this.#db, this.ctx.storage, this.#head, this.#findings)
  readonly #unrecorded = keepUnrecorded(this.ctx.storage)
  readonly #ending = makeEnding({
    db: this.#db,
    storage: this.ctx.storage,
    env: this.env,
    head: this.#head,
    mutate: (request) => this.mutate(request),
  })
  readonly #inTurn = makeQueue(
    MAX_WAITING,
    () => 1,
    async ([request]: AccountRequest[]) => (request ? [await this.#change(request)] : []),
  )

  /** Makes one change of the account. Never throws: errors are answers. */
  async mutate(request: AccountRequest): Promise<Result<AccountAnswer>> {
    try {
      if (isGone(this.ctx.storage)) return failure(signedOut())
      const value = await this.#inTurn(request)
      if (TURNS.includes(request.type)) await this.#turned(request)
      return { ok: true, value }
    } catch (error) {
      if (error instanceof AppError) return failure(error)
      const name = error instanceof Error ? error.name : typeof error
      console.error(JSON.stringify({ event: 'account.failed', requestId: request.requestId, name }))
      return failure(new AppError('internal', 'Something went wrong on our side. Nothing was changed.'))
    }
  }

  /** How the log stands by its own check. Reads on a little: what was written since the last one. */
  async logState(): Promise<AccountState> {
    const userId = this.#userId()
    const state = userId ? await this.#checker.look(userId) : { size: 0, checked: UNCHECKED }
    return { ...state, unrecorded: this.#unrecorded.list() }
  }

  /** Whether a head that is to be signed is one that this log has had. Never throws: errors are answers. */
  async vouch(userId: string, asked: AskedHead): Promise<Result<null>> {
    return vouch(this.#db, userId, this.#head, asked)
  }

  /** The nightly check of the log, and what follows one that came out right. */
  override async alarm(): Promise<void> {
    const userId = this.#userId()
    if (!userId || (await this.#ending.ring(userId, Date.now()))) return
    await nightly(this.ctx.storage, { logId: userId, checker: this.#checker, tidy: () => this.#tidy(userId) })
  }

  /** The account was deleted, or is kept: what goes with it. A crash before this is made up for by the alarm. */
  async #turned({ userId, now }: AccountRequest): Promise<void> {
    await this.#ending.ring(userId, now)
  }

  /** Texts that are older than they are kept go, in steps, and the rows of sessions that are long over. */
  async #tidy(userId: string): Promise<void> {
    const request = () => ({ userId, requestId: newId('request'), client: NO_CLIENT, now: Date.now() })
    while ((await this.mutate({ type: 'audit_log.prune', ...request() })).ok) {
      // There may be more that is too old.
    }
    await deleteOldSessions(this.#db, userId, Date.now() - SESSION_ABSOLUTE_MS - CLOCKS_DIFFER_MS)
      .run()
      .catch((error) => {
        const name = error instanceof Error ? error.name : typeof error
        console.error(JSON.stringify({ event: 'account.sessions_kept', userId, name }))
      })
  }

  async #change(request: AccountRequest): Promise<AccountAnswer> {
    const { userId } = request
    if (this.#userId() !== userId) {
      this.ctx.storage.kv.put('userId', userId)
      this.ctx.waitUntil(wakeAt(this.ctx.storage, Date.now() + SOON_MS))
    }
    if (TURNS.includes(request.type)) await wakeAt(this.ctx.storage, Date.now() + SOON_MS)
    return changeAccount({ db: this.#db, head: this.#head, unrecorded: this.#unrecorded }, request)
  }

  #userId(): string | undefined {
    return this.ctx.storage.kv.get<string>('userId')
  }
}
