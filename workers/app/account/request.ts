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

/** Somebody whom the provider has confirmed signs in; the first time with what is kept of them. */
export interface SignIn extends Common {
  type: 'session.create'
  provider: string
  newcomer: { name: string; email: string; identity: { id: string; issuer: string; subject: string } } | null
  session: NewSession
}

/** A session that begins in a workspace. `email`: what the provider has verified, normalised, or null. */
interface NewSession {
  hash: string
  attempt: string
  workspaceId: string
  email: string | null
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
