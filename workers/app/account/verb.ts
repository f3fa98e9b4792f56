import type { AccountPart, Outcome } from '../../../shared/contracts/audit.ts'
import type { Db } from '../db/client.ts'
import type { Load, Loaded, View, Write } from '../services/mutation.ts'
import type { Change } from '../workspace/commit.ts'
import type { Subject } from '../workspace/entry.ts'
import type { AccountRequest } from './request.ts'

/** One thing that happens to an account, and its entry. */
export interface Deed {
  action: AccountRequest['type'] | 'account.create' | 'session.renew'
  entityId: string
  before: View | null
  after: View | null
  writes: Write[]
  outcome?: Outcome
  /** Hash of the session that ends with it. */
  ends?: string
  /** What has to happen because of it, by the outbox of a workspace. */
  effects?: Change['effects']
  /** Where the entry says something else than those beside it. */
  subject?: Partial<Subject>
}

export interface Deeds {
  /** Who does it: the person, with their personal fields, or a part of Candor. */
  by: { person: Record<string, string> } | { part: AccountPart }
  list: Deed[]
  /** There is more of the same left to do. */
  more?: boolean
}

/** Whose account it is; null before there is one. */
export type Known = { id: string; name: string; email: string; endsAt: number | null } | null

/** A verb of an account: as those of a workspace (services/mutation.ts) it loads, decides, and returns its writes. */
export interface AccountVerb<R extends AccountRequest = AccountRequest, L extends Load = Load> {
  load?(db: Db, request: R): L
  /** Throws AppError for what is refused. */
  run(db: Db, request: R, known: Known, rows: Loaded<L>): Deeds
}

export type VerbOf<T extends AccountRequest['type']> = AccountVerb<Extract<AccountRequest, { type: T }>>

/** Forgets what a verb loads, so that all of them fit one register. */
export const accountVerb = <R extends AccountRequest, L extends Load>(verb: AccountVerb<R, L>): AccountVerb<R> =>
  verb as unknown as AccountVerb<R>
