import { z } from 'zod'
import { PageRequest, SURFACES, type Surface } from './common.ts'

export const ACTOR_TYPES = ['user', 'api_key', 'mcp', 'slack', 'system'] as const
export type ActorType = (typeof ACTOR_TYPES)[number]

/** What is stored, byte for byte, as the leaf of the workspace's log: version 1. Fields are never removed or re-used. */
export interface AuditLeaf {
  v: 1
  log: string
  seq: number
  /** Unix milliseconds. */
  at: number
  requestId: string
  idempotencyKey: string | null
  /** Keyed fingerprint of action and input, hexadecimal: tells a retry from another request under the same key. */
  fingerprint: string | null
  surface: Surface
  actor: { type: ActorType; id: string }
  /** The person behind a key or an agent; equal to the actor's id for people; null for the system. */
  user: string | null
  /** `session`, `api_key`, `sign_in` or `internal`. */
  auth: string
  action: string
  entity: { type: string; id: string }
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  /** Names of the fields that differ. */
  changed: string[]
  outcome: 'ok'
  /** SHA-256(salt ‖ json) of the personal fields, base64url; null when there are none. */
  person: string | null
}

export const ListAuditLogs = PageRequest.extend({
  actor: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  surface: z.enum(SURFACES).optional(),
  entity: z.string().max(64).optional(),
})
export type ListAuditLogs = z.infer<typeof ListAuditLogs>

export interface AuditEntryView {
  seq: number
  at: string
  action: string
  actor: { type: ActorType; id: string }
  /** Name of the person behind it, while it is kept; null for the system and erased people. */
  actorName: string | null
  user: string | null
  surface: Surface
  auth: string
  entity: { type: string; id: string }
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  changes: { field: string; before: unknown; after: unknown }[]
  outcome: string
  requestId: string
  /** Leaf hash of RFC 6962, hexadecimal. */
  leafHash: string
}
