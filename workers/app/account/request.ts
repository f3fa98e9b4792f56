import type { AuditExportRequest } from '../../../shared/contracts/audit.ts'
import type { SessionsAsked } from '../services/account/rows.ts'
import type { Client } from '../services/context.ts'

interface Common {
  userId: string
  requestId: string
  client: Client
  /** Unix milliseconds. */
  now: number
}

/** Who somebody is, as a provider says it. `email`: what the provider has verified, normalised, or null. */
export interface Identity {
  issuer: string
  subject: string
  name: string
  email: string | null
}

/** Somebody whom the provider has confirmed signs in; the first time with what is kept of them. */
export interface SignIn extends Common {
  type: 'session.create'
  provider: string
  identity: Identity
  newcomer: { identityId: string; email: string } | null
  session: { hash: string; attempt: string; workspaceId: string }
}

/** A session goes on in another workspace, under a new token. */
export interface SwitchSession extends Common {
  type: 'session.switch'
  /** Of the session that ends. */
  hash: string
  session: { hash: string; workspaceId: string }
}

/** A session ends: its owner signed out. */
export interface SignOut extends Common {
  type: 'session.delete'
  hash: string
}

/** Somebody tried to sign in with this account's e-mail address, or with an attempt that has been used. */
export interface RefuseSignIn extends Common {
  type: 'sign_in.refuse'
  provider: string
  why: string
}

/** What somebody who is signed in does with their account. */
interface BySession extends Common {
  /** Hash of the session that asks: confirmed by the account's object itself. */
  by: string
}

/** Sessions end, from another one. */
export interface RevokeSessions extends BySession {
  type: 'session.revoke'
  sessions: SessionsAsked
}

/** Somebody signs in with another account from now on, too: its provider has confirmed that it is theirs. */
export interface LinkIdentity extends BySession {
  type: 'identity.link'
  identity: Identity & { id: string; provider: string }
  /** When they set out for the provider, Unix milliseconds: by then the session had to be fresh. */
  begunAt: number
  /** Hash of the token under which the session goes on. */
  next: string
}

/** Linking was refused, by what the provider answered or by the account. */
export interface RefuseLink extends BySession {
  type: 'identity.refuse'
  provider: string
  why: string
}

/** A way to sign in goes. */
export interface UnlinkIdentity extends BySession {
  type: 'identity.unlink'
  id: string
}

/** A copy of the account's log is taken. */
export interface ExportLog extends BySession {
  type: 'audit_log.export'
  request: AuditExportRequest
}

/** Texts that are older than they are kept go. By Candor itself. */
export interface PruneLog extends Common {
  type: 'audit_log.prune'
}

/** The personal fields of the log go, when the account does. By Candor itself. */
export interface ErasePerson extends Common {
  type: 'person.erase'
}

/** The account is to end. `confirm`: what was typed. */
export interface DeleteAccount extends BySession {
  type: 'account.delete'
  confirm: string
}

/** The account is kept after all. */
export interface KeepAccount extends BySession {
  type: 'account.keep'
}

/** The account is over. By Candor itself. */
export interface EndAccount extends Common {
  type: 'account.end'
}

/** What can happen to an account. */
export type AccountRequest =
  | SignIn
  | SwitchSession
  | SignOut
  | RefuseSignIn
  | RevokeSessions
  | LinkIdentity
  | RefuseLink
  | UnlinkIdentity
  | ExportLog
  | PruneLog
  | ErasePerson
  | DeleteAccount
  | KeepAccount
  | EndAccount

/** What is the caller's to add. */
export type AccountChange = AccountRequest extends infer R ? (R extends Common ? Omit<R, keyof Common> : never) : never

export interface AccountAnswer {
  /** Entries of the log. */
  size: number
}
