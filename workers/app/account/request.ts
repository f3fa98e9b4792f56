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

/** Somebody else tried to sign in with this account's e-mail address. */
export interface RefuseSignIn extends Common {
  type: 'sign_in.refuse'
  provider: string
  why: string
}

/** What can happen to an account. */
export type AccountRequest = SignIn | SwitchSession | SignOut | RefuseSignIn
