import type { Outcome } from '../../../shared/contracts/audit.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../db/client.ts'
import { deleteSession, insertIdentity, insertSession, insertUser } from '../services/account/rows.ts'
import { type View, type Write, write } from '../services/mutation.ts'
import type { AccountRequest, RefuseSignIn, SignIn, SignOut } from './request.ts'

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

type Known = { id: string; name: string; email: string } | null

/** Sessions are named in the log by the beginning of their hash: enough to tell them apart, too little to be one. */
const sessionId = (hash: string) => `ses_${hash.slice(0, 16)}`

function signIn(db: Db, request: SignIn, known: Known): Deeds {
  const { userId, provider, newcomer, session, now, client } = request
  if (!known && !newcomer) throw new AppError('unauthorized', 'You are signed out. Sign in again.')
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
    after: { provider },
    writes: [write(insertSession(db, row))],
  })
  const { name, email } = known ?? newcomer ?? { name: '', email: '' }
  return { person: { name, email }, list }
}

function signOut(db: Db, { userId, hash }: SignOut, known: Known): Deeds {
  if (!known) throw new AppError('unauthorized', 'You are signed out. Sign in again.')
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
  return request.type === 'session.delete' ? signOut(db, request, known) : refuseSignIn(request)
}
