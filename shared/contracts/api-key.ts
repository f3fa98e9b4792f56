import { z } from 'zod'
import type { KeyFlag } from '../domain/api-key.ts'
import { networkProblem } from '../domain/network.ts'
import { id, line, SCOPES, type Scope } from './common.ts'

const MAX_NETWORKS = 20

/** A network as it is typed: trimmed, in lower case, and an address or a CIDR block. */
const Network = z
  .string('A network is a text.')
  .max(64, 'A network has at most 64 characters.')
  .trim()
  .toLowerCase()
  .superRefine((text, context) => {
    const message = networkProblem(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

/** Where a key may be used; none: anywhere. */
const AllowedNetworks = z
  .array(Network, 'The networks are a list.')
  .max(MAX_NETWORKS, `A key has at most ${MAX_NETWORKS} networks.`)

export const CreateApiKey = z.strictObject({
  name: line('The name', 128),
  scope: z.enum(SCOPES, 'The scope is "read" or "write".').default('read'),
  /** null: never, said on purpose. */
  expiresInDays: z
    .int()
    .min(1, 'A key lasts at least one day.')
    .max(730, 'A key lasts at most 730 days.')
    .nullable()
    .default(90),
  allowedNetworks: AllowedNetworks.default([]),
})
export type CreateApiKey = z.infer<typeof CreateApiKey>

/** What is left out stays as it is. What a key may, and until when, cannot be changed. */
export const UpdateApiKey = z.strictObject({
  id: id('apiKey'),
  name: line('The name', 128).optional(),
  allowedNetworks: AllowedNetworks.optional(),
})
export type UpdateApiKey = z.infer<typeof UpdateApiKey>

/** For how many hours a key goes on beside the one that replaces it. */
export const OVERLAP_HOURS = [0, 1, 24, 72] as const

export const RollApiKey = z.strictObject({
  id: id('apiKey'),
  overlapHours: z.literal(OVERLAP_HOURS, `The overlap is ${OVERLAP_HOURS.join(', ')} hours.`).default(24),
})
export type RollApiKey = z.infer<typeof RollApiKey>

/** Where a key was found in public. */
export interface ApiKeyLeak {
  reason: 'secret_scanning'
  /** An https address; empty when none was said. */
  url: string
  /** What kind of place that is, in the scanner's words. */
  source: string
}

export interface ApiKeyView {
  id: string
  name: string
  scope: Scope
  createdBy: string
  /** Whose role it acts with instead, when that is not who made it. */
  handedTo: string | null
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** When its holder was told that it ends soon. */
  remindedAt: string | null
  /** When it was noted that it had ended by itself: within a day of its end. */
  expiredAt: string | null
  rolledFrom: string | null
  rolledTo: string | null
  allowedNetworks: string[]
  leak: ApiKeyLeak | null
  /** Coarse: the day. In the list only. */
  lastUsedOn?: string | null
  /** In the list only. */
  flags?: KeyFlag[]
}
