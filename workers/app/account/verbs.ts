import { linkIdentity, refuseLink, unlinkIdentity } from './identity.ts'
import { deleteAccount, endAccount, keepAccount } from './leave.ts'
import { erasePerson, exportLog, pruneLog } from './log.ts'
import type { AccountRequest } from './request.ts'
import { revokeSessions, signOut, switchSession } from './sessions.ts'
import { refuseSignIn, signIn } from './sign-in.ts'
import type { AccountVerb, VerbOf } from './verb.ts'

/** Everything that can happen to an account. */
export const ACCOUNT_VERBS: { [T in AccountRequest['type']]: VerbOf<T> } = {
  'session.create': signIn,
  'session.switch': switchSession,
  'session.delete': signOut,
  'sign_in.refuse': refuseSignIn,
  'session.revoke': revokeSessions,
  'identity.link': linkIdentity,
  'identity.refuse': refuseLink,
  'identity.unlink': unlinkIdentity,
  'audit_log.export': exportLog,
  'audit_log.prune': pruneLog,
  'person.erase': erasePerson,
  'account.delete': deleteAccount,
  'account.keep': keepAccount,
  'account.end': endAccount,
}

export const verbOf = ({ type }: AccountRequest): AccountVerb => ACCOUNT_VERBS[type] as AccountVerb
