import { DurableObject } from 'cloudflare:workers'
import type { Outcome } from '../../../shared/contracts/audit.ts'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import type { Env } from '../bindings.ts'
import { database } from '../db/client.ts'
import { append } from '../workspace/append.ts'
import type { Change } from '../workspace/commit.ts'
import { makeEntry, type Subject } from '../workspace/entry.ts'
import { type Head, keepHead } from '../workspace/head.ts'
import { makeQueue } from '../workspace/queue.ts'
import { loadAccount } from './load.ts'
import type { AccountRequest } from './request.ts'
import { type Deeds, deedsOf } from './verbs.ts'

const MAX_WAITING = 100

/**
 * The only writer of a person's own log, which is named by the person's id: how they came to be known, their sessions,
 * and who tried to sign in as them. It has the form and the gates of a workspace's log.
 */
export class Account extends DurableObject<Env> {
  readonly #db = database(this.env.DB)
  readonly #head = keepHead(this.ctx.storage)
  readonly #inTurn = makeQueue(
    MAX_WAITING,
    () => 1,
    async ([request]: AccountRequest[]) => (request ? [await this.#commit(request)] : []),
  )

  /** Makes one change of the account. Never throws: errors are answers. */
  async mutate(request: AccountRequest): Promise<Result<null>> {
    try {
      return await this.#inTurn(request)
    } catch (error) {
      if (error instanceof AppError) return failure(error)
      const name = error instanceof Error ? error.name : typeof error
      console.error(JSON.stringify({ event: 'account.failed', requestId: request.requestId, name }))
      return failure(new AppError('internal', 'Something went wrong on our side. Nothing was changed.'))
    }
  }

  async #commit(request: AccountRequest): Promise<Result<null>> {
    const { head, salt, known } = await loadAccount(this.#db, request)
    const settled = this.#head.settle(head)
    const changes = await this.#changes(settled, request, salt, deedsOf(this.#db, request, known))
    const appended = await append({ db: this.#db, head: this.#head }, changes)
    return appended.ok ? { ok: true, value: null } : failure(appended.error)
  }

  async #changes(head: Head, request: AccountRequest, salt: Uint8Array | null, deeds: Deeds): Promise<Change[]> {
    const { userId, requestId, client, now } = request
    const { ip, userAgent } = client
    const fields = { ...deeds.person, ...(ip !== null && { ip }), ...(userAgent !== null && { userAgent }) }
    const subject: Subject = {
      logId: userId,
      now,
      actor: { type: 'user', id: userId },
      userId,
      person: { fields, salt: salt ?? crypto.getRandomValues(new Uint8Array(32)) },
      surface: 'dashboard',
      auth: 'provider' in request ? request.provider : 'session',
      requestId,
      idempotencyKey: null,
      fingerprint: null,
    }
    const changes: Change[] = []
    let at = head
    for (const { action, entityId, before, after, writes, outcome = 'ok' as Outcome } of deeds.list) {
      const entry = await makeEntry(at, subject, { action, entityId, before, after, outcome })
      changes.push({ entry, writes, effects: [] })
      at = entry.head
    }
    return changes
  }
}
