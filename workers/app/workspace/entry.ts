import type { AuditLeaf } from '../../../shared/contracts/audit.ts'
import { appendToRange, joinRange, leafHash, splitRange } from '../../../shared/domain/merkle.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Context } from '../services/context.ts'
import type { Decision, View } from '../services/mutation.ts'
import type { Head } from './head.ts'
import type { MutationRequest } from './request.ts'

/** Everything of an entry that goes into the database. */
export interface Entry {
  seq: number
  leaf: string
  leafHash: Uint8Array
  /** The log's head after this entry. */
  head: Head
  person: { salt: Uint8Array; json: string } | null
}

/** C2SP log entries have a 16-bit length; the database checks the same bound. */
const MAX_LEAF_BYTES = 65_535

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** Names of the top-level fields that differ. */
export function changedFields(before: View | null, after: View | null): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).toSorted()
}

/** The personal fields, apart from the leaf, which only commits to them: SHA-256(salt ‖ json). */
async function personOf(context: Context) {
  if (!context.person) return { person: null, commitment: null }
  const salt = crypto.getRandomValues(new Uint8Array(32))
  const json = JSON.stringify({ name: context.person.name, email: context.person.email })
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array([...salt, ...new TextEncoder().encode(json)]))
  return { person: { salt, json }, commitment: base64url(new Uint8Array(hash)) }
}

/** The entry for a decision, at the head of the log. Throws `too_large` when it would not fit a log entry. */
export async function makeEntry(
  head: Head,
  context: Context,
  request: MutationRequest,
  fingerprint: string | null,
  decision: Decision,
): Promise<Entry> {
  const { person, commitment } = await personOf(context)
  const leaf: AuditLeaf = {
    v: 1,
    log: context.workspaceId,
    seq: head.size,
    at: context.now,
    requestId: request.requestId,
    idempotencyKey: request.idempotencyKey,
    fingerprint,
    surface: request.surface,
    actor: context.actor,
    user: context.userId,
    auth: request.credential.type,
    action: request.action,
    entity: { type: request.action.split('.')[0] ?? '', id: decision.entityId },
    before: decision.before,
    after: decision.after,
    changed: changedFields(decision.before, decision.after),
    outcome: 'ok',
    person: commitment,
  }
  const text = JSON.stringify(leaf)
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > MAX_LEAF_BYTES) throw new AppError('too_large', 'This change is too large for one audit entry.')
  const hash = await leafHash(bytes)
  const range = await appendToRange(splitRange(head.range), head.size, hash)
  return { seq: head.size, leaf: text, leafHash: hash, head: { size: head.size + 1, range: joinRange(range) }, person }
}
