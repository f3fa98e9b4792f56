import type { Outcome } from '../../../shared/contracts/audit.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../db/client.ts'
import type { session as sessionTable } from '../db/schema/session.ts'
import { deleteSession, insertIdentity, insertSession, insertUser } from '../services/account/rows.ts'
import { type View, type Write, write } from '../services/mutation.ts'
import { isExpired } from '../services/session/lifetime.ts'
import type { AccountRequest, RefuseSignIn, SignIn, SignOut, SwitchSession } from './request.ts'

export interface Deeds {
  /** Personal fields of whoever did it. */
  person: Record<string, string>
  list: {
    action: string
    entityId: string
    before: View | null
    after: View | null
    writes: Write[]
    outcome?: Outcome
  }[]
}

/** What is known of an account, its session, and the workspace that the session is to go on in. */
export interface Known {
  account: { id: string; name: string; email: string } | null
  session: typeof sessionTable.$inferSelect | null
  belongs: boolean
}

const signedOut = () => new AppError('unauthorized', 'You are signed out. Sign in again.')

/** Sessions are named in the log by the beginning of their hash: enough to tell them apart, too little to be one. */
const sessionId = (hash: string) => `ses_${hash.slice(0, 16)}`

function signIn(db: Db, request: SignIn, { account: known }: Known): Deeds {
  const { userId, provider, newcomer, session, now, client } = request
  if (!known && !newcomer) throw signedOut()
  const row = {
    ...session,
    userId,
    provider,
    userAgent: client.userAgent ?? '',
    createdAt: now,
    lastSeenAt: now,
  }
  const list: Deeds['list'] = []
  if (newcomer && !known) {
    const { name, email, identity } = newcomer
    list.push({
      action: 'account.create',
      entityId: userId,
      before: null,
      after: { provider, issuer: identity.issuer, identityId: identity.id },
      writes: [
        write(insertUser(db, { id: userId, name, email, createdAt: now })),
        write(insertIdentity(db, { ...identity, userId, provider, createdAt: now })),
      ],
    })
  }
  list.push({
    action: 'session.create',
    entityId: sessionId(session.hash),
    before: null,
    after: { provider, workspaceId: session.workspaceId },
    writes: [write(insertSession(db, row))],
  })
  const { name, email } = known ?? newcomer ?? { name: '', email: '' }
  return { person: { name, email }, list }
}

/**
 * The token ends and another begins, so that a stolen one does not follow into the next workspace. Its time goes on as it
 * was: somebody who switches every day has to sign in again all the same.
 */
function switchSession(db: Db, request: SwitchSession, { account, session: old, belongs }: Known): Deeds {
  const { userId, hash, session, now } = request
  if (!account || old?.userId !== userId || isExpired(old, now)) throw signedOut()
  if (!belongs) throw new AppError('not_found', 'There is no such workspace that you belong to.')
  const deed = {
    action: 'session.switch',
    entityId: sessionId(session.hash),
    before: { session: sessionId(hash), workspaceId: old.workspaceId },
    after: { session: sessionId(session.hash), workspaceId: session.workspaceId },
    writes: [
      write(deleteSession(db, userId, hash)),
      write(insertSession(db, { ...old, ...session, userId, lastSeenAt: now })),
    ],
  }
  return { person: { name: account.name, email: account.email }, list: [deed] }
}

function signOut(db: Db, { userId, hash }: SignOut, { account: known }: Known): Deeds {
  if (!known) throw signedOut()
  const deed = { action: 'session.delete', entityId: sessionId(hash), before: null, after: null }
  const { name, email } = known
  return { person: { name, email }, list: [{ ...deed, writes: [write(deleteSession(db, userId, hash))] }] }
}

/** The person is the one whose account it is; whoever tried is only an address and a browser. */
function refuseSignIn({ userId, provider, why }: RefuseSignIn): Deeds {
  const deed = { action: 'sign_in.refuse', entityId: userId, before: null, after: { provider, why } }
  return { person: {}, list: [{ ...deed, writes: [], outcome: 'forbidden' }] }
}

/** What a request makes of an account, and the writes that go with it. Throws AppError. */
export function deedsOf(db: Db, request: AccountRequest, known: Known): Deeds {
  if (request.type === 'session.create') return signIn(db, request, known)
  if (request.type === 'session.switch') return switchSession(db, request, known)
  return request.type === 'session.delete' ? signOut(db, request, known) : refuseSignIn(request)
}
