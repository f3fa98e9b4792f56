import type { ActorType, AuditLeaf, Outcome } from '../../../shared/contracts/audit.ts'
import type { Surface } from '../../../shared/contracts/common.ts'
import { toBase64url } from '../../../shared/domain/base64.ts'
import { appendToRange, joinBytes, joinRange, leafHash, splitRange, webSha256 } from '../../../shared/domain/merkle.ts'
import { AppError } from '../../../shared/errors.ts'
import { utf8 } from '../crypto/bytes.ts'
import type { View } from '../services/mutation.ts'
import type { Head } from './head.ts'

/** Who did it, and how it came in. */
export interface Subject {
  logId: string
  /** Unix milliseconds. */
  now: number
  actor: { type: ActorType; id: string }
  userId: string | null
  /** Personal fields, and the salt that this log has for the person already. */
  person: { fields: Record<string, string>; salt: Uint8Array | null } | null
  surface: Surface
  /** How it authenticated. */
  auth: string
  requestId: string
  idempotencyKey: string | null
  fingerprint: string | null
}

/** What happened. */
export interface Deed {
  action: string
  entityId: string
  before: View | null
  after: View | null
  outcome: Outcome
}

export interface PersonRow {
  userId: string
  commitment: string
  salt: Uint8Array
  json: string
}

/** Everything of an entry that goes into the database. */
export interface Entry {
  logId: string
  seq: number
  leaf: string
  leafHash: Uint8Array
  /** The log's head after this entry. */
  head: Head
  person: PersonRow | null
}

/** C2SP log entries have a 16-bit length; the database checks the same bound. */
const MAX_LEAF_BYTES = 65_535

/** Names of the top-level fields that differ. */
export function changedFields(before: View | null, after: View | null): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).toSorted()
}

/** The personal fields, apart from the leaf, which only commits to them. The same fields make the same row. */
async function personOf({ userId, person }: Subject): Promise<PersonRow | null> {
  if (!person || userId === null) return null
  const salt = person.salt ?? crypto.getRandomValues(new Uint8Array(32))
  const json = JSON.stringify(person.fields)
  const hash = await webSha256(joinBytes(salt, utf8(json)))
  return { userId, commitment: toBase64url(hash), salt, json }
}

/** The entry of a deed, at the head of its log. Throws `too_large` when it would not fit a log entry. */
export async function makeEntry(head: Head, subject: Subject, deed: Deed): Promise<Entry> {
  const person = await personOf(subject)
  const { logId, requestId, idempotencyKey, fingerprint, surface, actor, userId, auth } = subject
  const { action, entityId, before, after, outcome } = deed
  const at = Math.max(subject.now, head.at)
  const leaf: AuditLeaf = {
    v: 1,
    log: logId,
    seq: head.size,
    at,
    requestId,
    idempotencyKey,
    fingerprint,
    surface,
    actor,
    user: userId,
    auth,
    action,
    entity: { type: action.split('.')[0] ?? '', id: entityId },
    before,
    after,
    changed: changedFields(before, after),
    outcome,
    person: person?.commitment ?? null,
  }
  const text = JSON.stringify(leaf)
  const bytes = utf8(text)
  if (bytes.length > MAX_LEAF_BYTES) throw new AppError('too_large', 'This change is too large for one audit entry.')
  const hash = await leafHash(bytes)
  const range = joinRange(await appendToRange(splitRange(head.range), head.size, hash))
  return { logId, seq: head.size, leaf: text, leafHash: hash, head: { size: head.size + 1, range, at }, person }
}
