import { z } from 'zod'
import type { AuditEntryView } from './audit.ts'

/** Sessions are named by the beginning of their hash: enough to tell them apart, too little to be one. */
export const SessionId = z.string().regex(/^ses_[0-9a-f]{16}$/, 'This is not the id of a session.')
export const sessionId = (hash: string): string => `ses_${hash.slice(0, 16)}`

/** Why a sign-in was refused that somebody repeated: an entry says it, and the page knows it by it. */
export const REPLAYED = 'This sign-in had been used already.'

/** The same of somebody who showed that an account is theirs too, with which somebody else signs in. */
export const LINKED_BY_ANOTHER = 'Somebody tried to link this way to sign in to another account.'

/** A way in which a person signs in. */
export interface IdentityView {
  id: string
  provider: string
  issuer: string
  /** What the provider said when it was last used; `email` only when it had verified it. */
  name: string
  email: string | null
  createdAt: string
  lastUsedAt: string
  /** Whether the session that asks began with it. */
  current: boolean
}

export interface AccountView {
  id: string
  name: string
  email: string
  createdAt: string
  /** When the session that asks began. */
  signedInAt: string
  /** How this person signs in, the first way first. */
  identities: IdentityView[]
}

/** Where whoever is signed in can go on. */
export interface OwnWorkspaces {
  /** The one that the session is in first, the others by name; not all of them. */
  workspaces: { id: string; name: string; current: boolean }[]
  /** Whether they can make another one. */
  mayAdd: boolean
}

/** Where something came from, as far as that is known and kept. */
export interface Origin {
  userAgent: string | null
  ip: string | null
  /** ISO 3166, two letters. */
  country: string | null
}

export interface SessionView extends Origin {
  id: string
  provider: string
  createdAt: string
  lastSeenAt: string
  /** The session that asks. */
  current: boolean
}

/** An entry of a person's own log, with where it came from. */
export type AccountEntryView = AuditEntryView & { from: Origin }
