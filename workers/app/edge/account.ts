import type { Context } from 'hono'
import { AppError, unwrap } from '../../../shared/errors.ts'
import type { AccountAnswer, AccountChange } from '../account/request.ts'
import { objectOf } from '../bindings.ts'
import { database } from '../db/client.ts'
import { userOfSession } from '../services/account/rows.ts'
import type { Edge } from './context.ts'
import { clientOf, credentialOf } from './run.ts'

type C = Context<Edge>

/** A change of an account: handed to the account's object, which makes it. */
async function change(c: C, userId: string, asked: AccountChange): Promise<AccountAnswer> {
  const common = { userId, requestId: c.get('requestId'), client: clientOf(c), now: Date.now() }
  return unwrap(await objectOf(c.env.ACCOUNT, c.env, userId).mutate({ ...asked, ...common }))
}

/** A session ends, if there is one. */
export async function endSession(c: C, hash: string): Promise<void> {
  const [session] = await userOfSession(database(c.env.DB), hash)
  if (session) await change(c, session.userId, { type: 'session.delete', hash })
}

/** A change by whoever is signed in, of their own account: whose that is, the session says and nothing else. */
export async function changeOwn(
  c: C,
  asked: (by: string) => AccountChange,
): Promise<AccountAnswer & { userId: string }> {
  const credential = credentialOf(c)
  if (credential.type !== 'session') throw new AppError('forbidden', 'This is for people who are signed in.')
  const [session] = await userOfSession(database(c.env.DB), credential.hash)
  if (!session) throw new AppError('unauthorized', 'You are signed out. Sign in again.')
  return { ...(await change(c, session.userId, asked(credential.hash))), userId: session.userId }
}
