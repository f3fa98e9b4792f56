import { sessionId } from '../../../shared/contracts/account.ts'
import { isOver } from '../../../shared/domain/grace.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../db/client.ts'
import { insertIdentity, insertSession, insertUser } from '../services/account/rows.ts'
import { identityByKey, noteIdentityUse } from '../services/identity/rows.ts'
import { write } from '../services/mutation.ts'
import type { RefuseSignIn, SignIn } from './request.ts'
import { accountVerb, type Deed } from './verb.ts'

export const signedOut = () => new AppError('unauthorized', 'You are signed out. Sign in again.')

/** Whoever comes for the first time: they and the one way in which they sign in. */
function makeAccount(
  db: Db,
  { userId, provider, identity, now }: SignIn,
  { identityId: id, email }: NonNullable<SignIn['newcomer']>,
): Deed {
  const { issuer, name } = identity
  return {
    action: 'account.create',
    entityId: userId,
    before: null,
    after: { provider, issuer, identityId: id },
    writes: [
      write(insertUser(db, { id: userId, name, email, createdAt: now })),
      write(insertIdentity(db, { ...identity, id, userId, provider, createdAt: now, lastUsedAt: now })),
    ],
  }
}

/**
 * A session begins. Whose identity it is was looked up before this change had its turn, and is looked at again: it may
 * have been unlinked since.
 */
export const signIn = accountVerb({
  load: (db, { identity }: SignIn) => ({ there: identityByKey(db, identity) }),
  run(db, request, known, { there: [there] }) {
    const { userId, provider, identity, newcomer, session, now, client } = request
    const { issuer, subject, name, email } = identity
    const person = known ?? (newcomer && { name, email: newcomer.email })
    const identityId = known ? (there?.userId === userId ? there.id : undefined) : newcomer?.identityId
    if (!person || identityId === undefined) throw signedOut()
    if (isOver(known?.endsAt ?? null, now))
      throw new AppError(
        'forbidden',
        'Your account is just being deleted. Wait some minutes, and then a new one is made.',
      )
    const times = { createdAt: now, lastSeenAt: now }
    const row = { ...session, userId, identityId, provider, email, userAgent: client.userAgent ?? '', ...times }
    const used = noteIdentityUse(db, userId, { issuer, subject, name, email, lastUsedAt: now })
    const begun: Deed = {
      action: 'session.create',
      entityId: sessionId(session.hash),
      before: null,
      after: { provider, workspaceId: session.workspaceId },
      writes: [...(known ? [write(used)] : []), write(insertSession(db, row))],
    }
    const made = !known && newcomer ? [makeAccount(db, request, newcomer)] : []
    return { by: { person: { name: person.name, email: person.email } }, list: [...made, begun] }
  },
})

/** The person is the one whose account it is; whoever tried is only an address and a browser. */
export const refuseSignIn = accountVerb<RefuseSignIn, Record<string, never>>({
  run(_db, { userId, provider, why }) {
    const deed = { action: 'sign_in.refuse', entityId: userId, before: null, after: { provider, why } } as const
    return { by: { person: {} }, list: [{ ...deed, writes: [], outcome: 'forbidden' }] }
  },
})
