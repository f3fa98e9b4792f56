import { z } from 'zod'
import type { ErrorCode } from '../errors.ts'
import { PageRequest, SURFACES, type Surface } from './common.ts'

/** Where the deployment's own log is public: its origin is the host and this. */
export const DEPLOYMENT_LOG_PATH = '/audit/deployment'

const DAY_MS = 86_400_000

export const ACTOR_TYPES = ['user', 'api_key', 'mcp', 'slack', 'system'] as const
export type ActorType = (typeof ACTOR_TYPES)[number]

/** Parts of Candor that act in a workspace by themselves: under these names their entries are, and are looked for. */
export const PARTS = [
  'account',
  'auto_pause',
  'ending',
  'expiry',
  'monitoring',
  'operator',
  'reminders',
  'retention',
  'rotation',
  'secret_scanning',
] as const
export type Part = (typeof PARTS)[number]

/** Those that act in the log of an account. */
export type AccountPart = 'ending' | 'erasure' | 'retention'

/** Refusals of a change that are entries: of somebody who was confirmed, and for a reason that is worth knowing. */
export const REFUSALS = [
  'forbidden',
  'conflict',
  'invalid',
  'plan_required',
  'limit_reached',
  'too_large',
  'idempotency_mismatch',
] as const satisfies readonly ErrorCode[]
export const OUTCOMES = ['ok', ...REFUSALS] as const
export type Outcome = (typeof OUTCOMES)[number]

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
  /** Kind of credential: `session`, `api_key`, `sign_in`, `founder`, `invited`, `system` or `operator`. */
  auth: string
  action: string
  entity: { type: string; id: string }
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  /** Names of the fields that differ. */
  changed: string[]
  /** `ok`, or why a confirmed caller was refused. */
  outcome: Outcome
  /** SHA-256(salt ‖ json) of the personal fields, base64url; null when there are none. */
  person: string | null
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/

/** A day of the calendar. `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** What is wrong with a moment; null when nothing is. */
function wrongMoment(field: string, text: string): string | null {
  const day = text.slice(0, 'yyyy-mm-dd'.length)
  if (!DAY.test(text) && !MOMENT.test(text))
    return `\`${field}\` is a day (2026-11-25) or a moment (2026-11-25T20:14:00Z).`
  if (!isDay(day)) return `\`${field}\` names a day that does not exist: ${day}.`
  return Number.isNaN(Date.parse(text)) ? `\`${field}\` names a time that does not exist: ${text}.` : null
}

/** A moment, or a whole UTC day: its beginning for `from`, its end for `to`. */
const moment = (field: 'from' | 'to') =>
  z
    .string()
    .max(40, `\`${field}\` has at most 40 characters.`)
    .transform((text, context) => {
      const message = wrongMoment(field, text)
      if (message === null) return Date.parse(text) + (DAY.test(text) && field === 'to' ? DAY_MS : 0)
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })

const idOf = (field: string) => z.string().max(64, `\`${field}\` has at most 64 characters.`)
const oneOf = <const T extends readonly string[]>(field: string, values: T) =>
  z.enum(values, `\`${field}\` is one of ${values.join(', ')}.`)

const Filter = z.strictObject({
  /** Id of a person, a key or Candor's own part: who did it, or is behind it. */
  actor: idOf('actor').optional(),
  action: idOf('action').optional(),
  surface: oneOf('surface', SURFACES).optional(),
  /** Id of a thing. */
  entity: idOf('entity').optional(),
  outcome: oneOf('outcome', [...OUTCOMES, 'refused']).optional(),
  from: moment('from').optional(),
  /** Exclusive; the whole day where it is a day. */
  to: moment('to').optional(),
})

/** What entries are asked for: all of it has to hold. */
export type AuditFilter = z.infer<typeof Filter>

/** A form sends its empty fields as well: they are no filter. A field that there is not stays, to be refused. */
const withoutEmpty = <T extends z.ZodObject>(contract: T) =>
  z.preprocess(
    (asked) =>
      typeof asked === 'object' && asked !== null
        ? Object.fromEntries(Object.entries(asked).filter(([name, value]) => value !== '' || !(name in contract.shape)))
        : asked,
    contract,
  )

/** The exactly filtered log as a file. NDJSON can be verified offline; CSV is for spreadsheets. */
export const AuditExportRequest = withoutEmpty(
  Filter.extend({ format: z.enum(['ndjson', 'csv'], 'The format is "ndjson" or "csv".') }),
)
export type AuditExportRequest = z.infer<typeof AuditExportRequest>

/** The last hours, on every plan: no filter. */
export const ListRecentAuditLogs = PageRequest

export const ListAuditLogs = withoutEmpty(PageRequest.extend(Filter.shape))
export type ListAuditLogs = z.infer<typeof ListAuditLogs>

const Seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const AuditEntryBySeq = z.strictObject({ seq: Seq })
/** Without a size, the log as it is now. */
export const CheckpointRequest = z.strictObject({ size: Seq.optional() })
export const ConsistencyRequest = z
  .strictObject({ from: Seq, to: Seq })
  .refine(({ from, to }) => from <= to, { path: ['from'], message: '`from` is the older, smaller size.' })

export interface ConsistencyView {
  from: number
  to: number
  /** RFC 6962, section 2.1.2; base64. */
  proof: string[]
}

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
