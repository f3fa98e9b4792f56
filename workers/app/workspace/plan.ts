import { type Outcome, REFUSALS } from '../../../shared/contracts/audit.ts'
import type { AppError } from '../../../shared/errors.ts'
import { newId } from '../../../shared/ids.ts'
import type { EpochSalt } from '../crypto/sealed.ts'
import type { Context, Credential } from '../services/context.ts'
import type { Decision } from '../services/mutation.ts'
import type { Change } from './commit.ts'
import { makeEntry, type PersonRow, type Subject } from './entry.ts'
import type { Head } from './head.ts'
import type { Made } from './known.ts'
import type { Prepared } from './load.ts'
import type { Memory } from './memory.ts'

/** What has been decided of a group so far. */
export interface Plan {
  head: Head
  keys: EpochSalt[]
  changes: Change[]
  /** Creations of this group by action, for limits that count them. */
  created: Map<string, number>
  /** Salts of people who are new to this log. */
  salts: Map<string, Uint8Array>
  /** Personal fields that its entries commit to. */
  people: { credential: Credential; person: PersonRow }[]
  /** What is changed, for whoever remembers rows (known.ts). */
  made: Made[]
  /** What the `load` of the newest change answers once this is committed; null when nobody knows. */
  rowsAfter: Record<string, unknown> | null
}

export const emptyPlan = (head: Head, keys: EpochSalt[]): Plan => ({
  head,
  keys,
  changes: [],
  created: new Map(),
  salts: new Map(),
  people: [],
  made: [],
  rowsAfter: null,
})

/** Who does it, as the entry says it. */
export function subjectOf(
  plan: Plan,
  context: Context,
  { request }: Prepared,
  salt: Uint8Array | null,
  fingerprint: string | null,
): Subject {
  const { userId, person } = context
  const known =
    salt ?? (userId === null ? undefined : plan.salts.get(userId)) ?? crypto.getRandomValues(new Uint8Array(32))
  if (userId !== null) plan.salts.set(userId, known)
  const { ip, userAgent } = request.client
  const fields = { ...person, ...(ip !== null && { ip }), ...(userAgent !== null && { userAgent }) }
  return {
    logId: context.workspaceId,
    now: context.now,
    actor: context.actor,
    userId,
    person: person && { fields, salt: known },
    surface: context.surface,
    auth: request.credential.type,
    requestId: request.requestId,
    idempotencyKey: request.idempotencyKey,
    fingerprint,
  }
}

/** Adds a change with its entry at the end of the plan. Answers the entry's sequence, and the ids of its effects. */
export async function planChange(
  plan: Plan,
  memory: Memory,
  subject: Subject,
  { request }: Prepared,
  decision: Decision & { outcome: Outcome },
): Promise<{ seq: number; effects: string[] }> {
  const { entityId, before, after, writes, outcome } = decision
  const { action, credential } = request
  const entry = await makeEntry(plan.head, subject, { action, entityId, before, after, outcome })
  const { person } = entry
  const stored = person !== null && memory.hasPerson(person.commitment)
  const { workspaceId } = credential
  const effects = (decision.effects ?? []).map((effect) => ({ workspaceId, id: newId('outbox'), effect }))
  plan.changes.push({
    entry: stored ? { ...entry, person: null } : entry,
    writes,
    effects,
  })
  if (person) plan.people.push({ credential, person })
  plan.head = entry.head
  return { seq: entry.seq, effects: effects.map(({ id }) => id) }
}

const isRecorded = (code: string): code is Outcome => REFUSALS.some((refusal) => refusal === code)

/** A refusal of somebody who was confirmed is an entry: what was tried, on what, and why not. Never what was sent. */
export async function planRefusal(
  plan: Plan,
  memory: Memory,
  subject: Subject,
  prepared: Prepared,
  { code }: AppError,
): Promise<void> {
  if (subject.auth === 'system' || prepared.verb.scope === 'read' || !isRecorded(code)) return
  // Of an input that is not right, nothing is said: it is only what somebody sent.
  const { id } = (prepared.wrong ? {} : prepared.input) as { id?: unknown }
  const entityId = typeof id === 'string' ? id : subject.logId
  const anonymous = { ...subject, idempotencyKey: null, fingerprint: null }
  const decision = { entityId, before: null, after: null, writes: [], outcome: code }
  await planChange(plan, memory, anonymous, prepared, decision)
}
