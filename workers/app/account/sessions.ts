import { sessionId } from '../../../shared/contracts/account.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  deleteSession,
  insertSession,
  liveSession,
  membershipOf,
  openSession,
  sessionsToEnd,
} from '../services/account/rows.ts'
import { write } from '../services/mutation.ts'
import type { RevokeSessions, SignOut, SwitchSession } from './request.ts'
import { signedOut } from './sign-in.ts'
import { accountVerb, type Deeds } from './verb.ts'

/** Sessions that end in one batch: four statements each. */
const AT_ONCE = 20

/**
 * The token ends and another begins, so that a stolen one does not follow into the next workspace. Its time goes on as it
 * was: somebody who switches every day has to sign in again all the same. Nothing ends where no entry can be made of it.
 */
export const switchSession = accountVerb({
  load: (db, { userId, hash, session, now }: SwitchSession) => ({
    former: liveSession(db, userId, hash, now),
    membership: membershipOf(db, userId, session.workspaceId),
  }),
  run(db, { userId, hash, session, now }, known, { former: [former], membership }): Deeds {
    if (!known || !former) throw signedOut()
    if (membership.length === 0) throw new AppError('not_found', 'There is no such workspace that you belong to.')
    const { name, email } = known
    const deed = {
      action: 'session.switch' as const,
      entityId: sessionId(session.hash),
      before: { session: sessionId(hash), workspaceId: former.workspaceId },
      after: { session: sessionId(session.hash), workspaceId: session.workspaceId },
      writes: [
        write(deleteSession(db, userId, hash)),
        write(insertSession(db, { ...former, ...session, userId, lastSeenAt: now })),
      ],
    }
    return { by: { person: { name, email } }, list: [deed] }
  },
})

/** One's own session ends. Of one that is gone already nothing is left to do. */
export const signOut = accountVerb({
  load: (db, { userId, hash }: SignOut) => ({ session: openSession(db, userId, hash) }),
  run(db, { userId, hash }, known, { session: [session] }): Deeds {
    if (!known || !session) return { by: { person: {} }, list: [] }
    const { name, email } = known
    const writes = [write(deleteSession(db, userId, hash))]
    const deed = { action: 'session.delete', entityId: sessionId(hash), before: null, after: null } as const
    return { by: { person: { name, email } }, list: [{ ...deed, writes, ends: hash }] }
  },
})

/** Sessions end from another one, or with it: each with its entry, the one that asks last of all. */
export const revokeSessions = accountVerb({
  load: (db, { userId, by, sessions, now }: RevokeSessions) => ({
    own: liveSession(db, userId, by, now),
    ended: sessionsToEnd(db, userId, sessions, by, now, AT_ONCE + 1),
  }),
  run(db, { userId, sessions }, known, { own, ended }) {
    if (!known || own.length === 0) throw signedOut()
    if (typeof sessions === 'object' && ended.length === 0)
      throw new AppError('not_found', 'You have no such session. It may have ended already.')
    const { name, email } = known
    const list = ended.slice(0, AT_ONCE).map(({ hash, provider, createdAt, lastSeenAt }) => ({
      action: 'session.revoke' as const,
      entityId: sessionId(hash),
      before: {
        provider,
        createdAt: new Date(createdAt).toISOString(),
        lastSeenAt: new Date(lastSeenAt).toISOString(),
      },
      after: null,
      writes: [write(deleteSession(db, userId, hash))],
      ends: hash,
    }))
    return { by: { person: { name, email } }, list, more: ended.length > AT_ONCE }
  },
})
