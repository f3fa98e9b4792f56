import type { Db } from '../db/client.ts'
import { userById } from '../services/account/rows.ts'
import { auditHead, saltOf } from '../services/log/rows.ts'
import { commitError } from '../workspace/commit.ts'

/** What an account's change is decided on, in one round trip. */
export async function loadAccount(db: Db, userId: string) {
  try {
    const [[head], [salt], [account]] = await db.batch([
      auditHead(db, userId),
      saltOf(db, userId, userId),
      userById(db, userId),
    ])
    return { head, salt: salt?.salt ?? null, account: account ?? null }
  } catch (error) {
    throw commitError(error)
  }
}
