import { z } from 'zod'
import type { AuditEntryView } from './audit.ts'

/** Sessions are named by the beginning of their hash: enough to tell them apart, too little to be one. */
export const SessionId = z.string().regex(/^ses_[0-9a-f]{16}$/, 'This is not the id of a session.')
export const sessionId = (hash: string): string => `ses_${hash.slice(0, 16)}`

/** Why a sign-in was refused that somebody repeated: an entry says it, and the page knows it by it. */
export const REPLAYED = 'This sign-in had been used already.'

export interface AccountView {
  id: string
  name: string
  email: string
  createdAt: string
  /** How this person signs in. */
  identities: { id: string; provider: string; issuer: string; createdAt: string }[]
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
