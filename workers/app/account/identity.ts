import { sessionId } from '../../../shared/contracts/account.ts'
import { AppError } from '../../../shared/errors.ts'
import { deleteSession, identitiesOf, insertIdentity, insertSession, liveSession } from '../services/account/rows.ts'
import { countSessionsWith, deleteIdentity, deleteSessionsWith, identityByKey } from '../services/identity/rows.ts'
import { ACCOUNT_LIMITS } from '../services/limits.ts'
import { write } from '../services/mutation.ts'
import { isFresh } from '../services/session/lifetime.ts'
import type { LinkIdentity, RefuseLink, UnlinkIdentity } from './request.ts'
import { signedOut } from './sign-in.ts'
import { accountVerb, type Deed } from './verb.ts'

function requireFresh(session: { createdAt: number }, at: number): void {
  if (!isFresh(session, at))
    throw new AppError('forbidden', 'You signed in too long ago for this. Sign in again, then repeat it.')
}

/**
 * Somebody has shown that an account at a provider is theirs as well. Their session goes on under a new token: one that was
 * stolen before does not follow to an account with more ways in. Its time goes on as it was.
 */
export const linkIdentity = accountVerb({
  load: (db, { userId, by, identity, now }: LinkIdentity) => ({
    own: liveSession(db, userId, by, now),
    there: identityByKey(db, identity),
    all: identitiesOf(db, userId),
  }),
  run(db, { userId, by, identity, begunAt, next, now }, known, { own: [own], there: [there], all }) {
    if (!known || !own) throw signedOut()
    requireFresh(own, begunAt)
    if (there?.userId === userId) throw new AppError('conflict', 'You sign in with this account already.')
    if (there)
      throw new AppError('conflict', 'Somebody else signs in here with that account. They have to unlink it first.')
    if (all.length >= ACCOUNT_LIMITS.identities)
      throw new AppError('limit_reached', `You have ${all.length} ways to sign in. Unlink one first.`)
    const { id, provider, issuer } = identity
    const linked: Deed = {
      action: 'identity.link',
      entityId: id,
      before: null,
      after: { provider, issuer },
      writes: [write(insertIdentity(db, { ...identity, userId, createdAt: now, lastUsedAt: now }))],
    }
    const renewed: Deed = {
      action: 'session.renew',
      entityId: sessionId(next),
      before: { session: sessionId(by) },
      after: { session: sessionId(next) },
      writes: [write(deleteSession(db, userId, by)), write(insertSession(db, { ...own, hash: next }))],
    }
    const { name, email } = known
    return { by: { person: { name, email } }, list: [linked, renewed] }
  },
})

/** People see in their log what was tried in their session. */
export const refuseLink = accountVerb({
  load: (db, { userId, by, now }: RefuseLink) => ({ own: liveSession(db, userId, by, now) }),
  run(_db, { userId, provider, why }, known, { own }) {
    if (!known || own.length === 0) throw signedOut()
    const { name, email } = known
    const deed = { action: 'identity.refuse', entityId: userId, before: null, after: { provider, why } } as const
    return { by: { person: { name, email } }, list: [{ ...deed, writes: [], outcome: 'forbidden' }] }
  },
})

/** A way to sign in goes, and every session that began with it. From another one, so that nobody locks themselves out. */
export const unlinkIdentity = accountVerb({
  load: (db, { userId, by, id, now }: UnlinkIdentity) => ({
    own: liveSession(db, userId, by, now),
    all: identitiesOf(db, userId),
    sessions: countSessionsWith(db, userId, id),
  }),
  run(db, { userId, id, now }, known, { own: [own], all, sessions: [sessions] }) {
    if (!known || !own) throw signedOut()
    const identity = all.find((one) => one.id === id)
    if (!identity) throw new AppError('not_found', 'You have no such way to sign in. It may be unlinked already.')
    requireFresh(own, now)
    if (all.length === 1) throw new AppError('conflict', 'This is the only way you sign in. Link another one first.')
    if (own.identityId === id)
      throw new AppError('conflict', 'You are signed in with it just now. Sign in with another one first.')
    const { provider, issuer } = identity
    const ended = sessions?.count ?? 0
    const deed: Deed = {
      action: 'identity.unlink',
      entityId: id,
      before: { provider, issuer, sessions: ended },
      after: null,
      writes: [write(deleteIdentity(db, userId, id)), { statement: deleteSessionsWith(db, userId, id), rows: ended }],
    }
    const { name, email } = known
    return { by: { person: { name, email } }, list: [deed] }
  },
})
