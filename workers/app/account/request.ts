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
  session: { hash: string; attempt: string }
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
export type AccountRequest = SignIn | SignOut | RefuseSignIn
