import type { AuditLeaf } from '../../../shared/contracts/audit.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Config } from '../bindings.ts'
import { fingerprint as keyedFingerprint } from '../crypto/fingerprint.ts'
import { open, seal } from '../crypto/sealed.ts'
import { issueApiKey } from '../crypto/token.ts'
import type { Db } from '../db/client.ts'
import { auditByIdempotencyKey, auditHead } from '../services/audit/rows.ts'
import { callerStatement, confirmCaller } from '../services/caller.ts'
import { type Context, requireCredential, requireRole, requireScope } from '../services/context.ts'
import { parseInput } from '../services/input.ts'
import { type Load, type Mutation, type MutationContext, PEOPLE_AND_KEYS } from '../services/mutation.ts'
import { mutationByAction } from '../services/mutations.ts'
import { workspaceKeys } from '../services/workspace/rows.ts'
import { commitError, commitStatements, isRefusal } from './commit.ts'
import { makeEntry } from './entry.ts'
import type { keepHead } from './head.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'

export interface Writer {
  db: Db
  config: Config
  head: ReturnType<typeof keepHead>
  now(): number
  /** Called before a batch that has effects, so that a crash right after it does not leave them waiting. */
  wakeForEffects(): Promise<void>
}

/**
 * Tell a retry from another request that came under the same idempotency key: the active key's fingerprint, which the
 * entry keeps, then those of the other keys, because the keyring may have turned in between. Keyed, since the input
 * holds secrets and an entry is read by many.
 */
async function requestFingerprints(
  { config: { keyring } }: Writer,
  { action, credential, idempotencyKey }: MutationRequest,
  input: unknown,
  keys: { epoch: number; salt: Uint8Array }[],
): Promise<string[]> {
  if (idempotencyKey === null) return []
  const masters = new Set([keyring.active, ...keyring.byKid.values()])
  const text = JSON.stringify([action, input])
  return Promise.all(
    [...masters].map((active) => keyedFingerprint({ ...keyring, active }, keys, credential.workspaceId, text)),
  )
}

function replay(leaf: AuditLeaf, fingerprints: string[]): MutationAnswer {
  if (leaf.fingerprint === null || !fingerprints.includes(leaf.fingerprint))
    throw new AppError('idempotency_mismatch', 'This Idempotency-Key was used for another request. Use a new one.')
  return { entityId: leaf.entity.id, after: leaf.after, seq: leaf.seq, reveal: {}, replayed: true, effects: 0 }
}

/** First round trip: the head, the caller, the retry, and what the verb asked for. */
async function loadAll(writer: Writer, request: MutationRequest, verb: Mutation, context: Context, input: unknown) {
  const { db } = writer
  const { workspaceId } = request.credential
  const load = verb.load(db, context, input)
  const names = Object.keys(load)
  const statements = [
    auditHead(db, workspaceId),
    callerStatement(db, request.credential),
    workspaceKeys(db, workspaceId),
    auditByIdempotencyKey(db, workspaceId, request.idempotencyKey ?? ''),
    ...names.map((name) => load[name] as Load[string]),
  ] as const
  try {
    const [head, caller, keys, retry, ...rows] = await db.batch(statements)
    return { head, caller, keys, retry, rows: Object.fromEntries(names.map((name, i) => [name, rows[i]])) }
  } catch (error) {
    throw commitError(error)
  }
}

function mutationContext(
  writer: Writer,
  context: Context,
  seq: number,
  keys: { epoch: number; salt: Uint8Array }[],
): MutationContext {
  const { keyring, apiKeyRing, publicUrl, defaultPlan } = writer.config
  const { workspaceId } = context
  return {
    ...context,
    seq,
    publicUrl,
    defaultPlan,
    seal: (place, plaintext) => seal(keyring, keys, { workspaceId, ...place }, plaintext),
    open: async (place, sealed) => (await open(keyring, keys, { workspaceId, ...place }, sealed)).reveal(),
    fingerprint: (plaintext) => keyedFingerprint(keyring, keys, workspaceId, plaintext),
    issueApiKey: ({ id, scope, expiresAt }) => issueApiKey(apiKeyRing, { workspaceId, keyId: id, scope, expiresAt }),
  }
}

/** One change, whole: check, decide, commit. Two D1 round trips. The caller has taken a turn. Throws AppError. */
export async function mutate(writer: Writer, request: MutationRequest): Promise<MutationAnswer> {
  const verb = mutationByAction(request.action)
  if (!verb) throw new AppError('not_found', `There is no change called ${request.action}.`)
  requireCredential(request.credential, verb.credentials ?? PEOPLE_AND_KEYS)
  requireScope(request.credential, verb.scope)
  const input = parseInput(verb, request.input)
  const { allowPrivate, ownHosts } = writer.config
  const base = { now: writer.now(), surface: request.surface, targets: { allowPrivate, ownHosts } }

  const loaded = await loadAll(writer, request, verb, { ...base, ...unconfirmed(request) }, input)
  const head = await writer.head.settle(loaded.head[0])
  const context: Context = { ...base, ...confirmCaller(request.credential, loaded.caller, base.now) }
  requireRole(context, verb.role)
  const fingerprints = await requestFingerprints(writer, request, input, loaded.keys)
  const [retry] = loaded.retry
  if (retry && request.idempotencyKey !== null) return replay(JSON.parse(retry.leaf), fingerprints)

  const decision = await verb.run(
    writer.db,
    mutationContext(writer, context, head.size, loaded.keys),
    input,
    loaded.rows,
  )
  const entry = await makeEntry(head, context, request, fingerprints[0] ?? null, decision)
  if (decision.effects?.length) await writer.wakeForEffects()
  await writer.head.sending(entry.head)
  try {
    await writer.db.batch(commitStatements(writer.db, context.workspaceId, entry, decision))
  } catch (error) {
    if (isRefusal(error)) writer.head.rolledBack()
    throw commitError(error)
  }
  await writer.head.committed(entry.head)
  const { entityId, after, reveal } = decision
  return {
    entityId,
    after,
    seq: entry.seq,
    reveal: reveal ?? {},
    replayed: false,
    effects: decision.effects?.length ?? 0,
  }
}

/** What `load` may know: only the workspace. Nobody is confirmed yet, so nothing else is said. */
const unconfirmed = (request: MutationRequest) => ({
  workspaceId: request.credential.workspaceId,
  actor: { type: 'system' as const, id: '' },
  userId: null,
  person: null,
  role: 'viewer' as const,
  plan: 'free' as const,
  workspaceName: '',
  lastSeenAt: null,
})
