import { z } from 'zod'
import { ACTOR_TYPES, type AuditEntryView } from '../../../../shared/contracts/audit.ts'
import { SURFACES } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const Fields = z.record(z.string(), z.unknown()).nullable()
/** What a text has to have to be shown as an entry. Whether it is the one that was written, its hash says. */
const Leaf = z.object({
  seq: z.number(),
  at: z.number().min(0).max(8.64e15),
  action: z.string(),
  actor: z.object({ type: z.enum(ACTOR_TYPES), id: z.string() }),
  user: z.string().nullable(),
  surface: z.enum(SURFACES),
  auth: z.string(),
  entity: z.object({ type: z.string(), id: z.string() }),
  before: Fields,
  after: Fields,
  changed: z.array(z.string()),
  outcome: z.string(),
  requestId: z.string(),
})
const Person = z.object({ name: z.string().optional() })

/** Throws `log_tampered` for what Candor has never written: to whoever reads a log, that says more than "our fault". */
function readAs<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new AppError(
      'log_tampered',
      'One of these entries is not what an entry is: somebody changed it in the database. The verification page of this log says which. Everything as it is stored is in the export as NDJSON.',
    )
  }
}

/** An entry as it is shown: the signed leaf, with the name of the person while that is kept. Throws `log_tampered`. */
export function auditEntryView(row: { leaf: string; leafHash: Uint8Array; person: string | null }): AuditEntryView {
  const leaf = readAs(Leaf, row.leaf)
  const person = row.person === null ? {} : readAs(Person, row.person)
  return {
    seq: leaf.seq,
    at: new Date(leaf.at).toISOString(),
    action: leaf.action,
    actor: leaf.actor,
    actorName: person.name ?? null,
    user: leaf.user,
    surface: leaf.surface,
    auth: leaf.auth,
    entity: leaf.entity,
    before: leaf.before,
    after: leaf.after,
    changes: leaf.changed.map((field) => ({
      field,
      before: leaf.before?.[field] ?? null,
      after: leaf.after?.[field] ?? null,
    })),
    outcome: leaf.outcome,
    requestId: leaf.requestId,
    leafHash: hex(row.leafHash),
  }
}
