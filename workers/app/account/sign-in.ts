import { sessionId } from '../../../shared/contracts/account.ts'
import { isOver } from '../../../shared/domain/grace.ts'
import { AppError } from '../../../shared/errors.ts'
import { insertIdentity, insertSession, insertUser } from '../services/account/rows.ts'
import { write } from '../services/mutation.ts'
import type { RefuseSignIn, SignIn } from './request.ts'
import { accountVerb, type Deed } from './verb.ts'

export const signedOut = () => new AppError('unauthorized', 'You are signed out. Sign in again.')

export const signIn = accountVerb<SignIn, Record<string, never>>({
  run(db, { userId, provider, newcomer, session, now, client }, known) {
    const person = known ?? newcomer
    if (!person) throw signedOut()
    if (isOver(known?.endsAt ?? null, now))
      throw new AppError(
        'forbidden',
        'Your account is just being deleted. Wait some minutes, and then a new one is made.',
      )
    const times = { createdAt: now, lastSeenAt: now }
    const row = { ...session, userId, provider, userAgent: client.userAgent ?? '', ...times }
    const list: Deed[] = []
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
    return { by: { person: { name: person.name, email: person.email } }, list }
  },
})

/** The person is the one whose account it is; whoever tried is only an address and a browser. */
export const refuseSignIn = accountVerb<RefuseSignIn, Record<string, never>>({
  run(_db, { userId, provider, why }) {
    const deed = { action: 'sign_in.refuse', entityId: userId, before: null, after: { provider, why } } as const
    return { by: { person: {} }, list: [{ ...deed, writes: [], outcome: 'forbidden' }] }
  },
})
