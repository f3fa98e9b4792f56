import type { Db } from '../db/client.ts'
import { endedSessions, userById } from '../services/account/rows.ts'
import { auditHead, saltOf } from '../services/log/rows.ts'
import type { Statement } from '../services/mutation.ts'
import { commitError } from '../workspace/commit.ts'
import type { AccountRequest } from './request.ts'
import type { Deeds } from './verb.ts'
import { verbOf } from './verbs.ts'

/** What an account's change is decided on, in one round trip; and the decision. */
export async function loadAccount(db: Db, request: AccountRequest) {
  const { userId } = request
  const verb = verbOf(request)
  const load = verb.load?.(db, request) ?? {}
  try {
    const [[head], [salt], [account], ended, ...answers] = await db.batch([
      auditHead(db, userId),
      saltOf(db, userId, userId),
      userById(db, userId),
      endedSessions(db, userId),
      ...(Object.values(load) as Statement[]),
    ])
    const rows = Object.fromEntries(Object.keys(load).map((name, i) => [name, answers[i]]))
    return {
      head,
      salt: salt?.salt ?? null,
      /** Hashes of sessions that were ended without an entry. */
      ended: ended.map(({ hash }) => hash),
      decide: (): Deeds => verb.run(db, request, account ?? null, rows),
    }
  } catch (error) {
    throw commitError(error)
  }
}
