import type { Db } from '../db/client.ts'
import { membershipOf, sessionByHash, userById } from '../services/account/rows.ts'
import { auditHead, saltOf } from '../services/log/rows.ts'
import { commitError } from '../workspace/commit.ts'
import type { AccountRequest } from './request.ts'
import type { Known } from './verbs.ts'

/** What an account's change is decided on, in one round trip. */
export async function loadAccount(db: Db, request: AccountRequest) {
  const { userId } = request
  const moves = request.type === 'session.switch'
  try {
    const [[head], [salt], [account], [session], [membership]] = await db.batch([
      auditHead(db, userId),
      saltOf(db, userId, userId),
      userById(db, userId),
      sessionByHash(db, moves ? request.hash : ''),
      membershipOf(db, userId, moves ? request.session.workspaceId : ''),
    ])
    const known: Known = { account: account ?? null, session: session ?? null, belongs: membership !== undefined }
    return { head, salt: salt?.salt ?? null, known }
  } catch (error) {
    throw commitError(error)
  }
}
