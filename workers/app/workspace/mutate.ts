import type { AuditLeaf } from '../../../shared/contracts/audit.ts'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Config } from '../bindings.ts'
import { fingerprint as keyedFingerprint } from '../crypto/fingerprint.ts'
import { type EpochSalt, open, seal } from '../crypto/sealed.ts'
import { issueApiKey } from '../crypto/token.ts'
import { confirmCaller } from '../services/caller.ts'
import { type Context, requireRole, type TargetRules } from '../services/context.ts'
import { removeMember } from '../services/member/remove.ts'
import type { MutationContext } from '../services/mutation.ts'
import { erasePerson } from '../services/person/erase.ts'
import { append, type LogWriter } from './append.ts'
import { type Basis, knownBasis, loadBasis } from './basis.ts'
import type { Subject } from './entry.ts'
import { decidedOn, type KnownRows } from './known.ts'
import { type Asked, askedBy, type Loaded, type Prepared, prepare } from './load.ts'
import type { Memory } from './memory.ts'
import { emptyPlan, type Plan, planChange, planRefusal, subjectOf } from './plan.ts'
import type { MutationAnswer, MutationRequest } from './request.ts'

export interface Writer extends LogWriter {
  memory: Memory
  known: KnownRows
  workspaceId: WorkspaceId
  config: Config
  targets: TargetRules
  now(): number
  /** Called before a batch that has effects, so that a crash right after it does not leave them waiting. */
  wakeForEffects(): Promise<void>
}

type Answer = Result<MutationAnswer>

const FORGETS: string[] = [erasePerson.action, removeMember.action]

/**
 * Tell a retry from another request that came under the same idempotency key: the active key's fingerprint, which the
 * entry keeps, then those of the other keys, because the keyring may have turned in between. Keyed, since the input
 * holds secrets and an entry is read by many.
 */
async function requestFingerprints(
  { config, workspaceId }: Writer,
  { request, input, wrong }: Prepared,
  keys: EpochSalt[],
) {
  if (request.idempotencyKey === null || wrong) return []
  const { keyring } = config
  const masters = new Set([keyring.active, ...keyring.byKid.values()])
  const text = JSON.stringify([request.action, input])
  return Promise.all([...masters].map((active) => keyedFingerprint({ ...keyring, active }, keys, workspaceId, text)))
}

function replay(leaf: AuditLeaf, fingerprints: string[]): MutationAnswer {
  if (leaf.fingerprint === null || !fingerprints.includes(leaf.fingerprint))
    throw new AppError('idempotency_mismatch', 'This Idempotency-Key was used for another request. Use a new one.')
  const { entity, before, after, seq } = leaf
  return { entityId: entity.id, before, after, seq, reveal: {}, replayed: true, effects: [] }
}

function mutationContext(
  { config, workspaceId }: Writer,
  context: Context,
  plan: Plan,
  action: string,
): MutationContext {
  const { keyring, apiKeyRing, publicUrl, defaultPlan } = config
  const { keys } = plan
  return {
    ...context,
    seq: plan.head.size,
    ahead: plan.created.get(action) ?? 0,
    publicUrl,
    defaultPlan,
    seal: (place, plaintext) => seal(keyring, keys, { workspaceId, ...place }, plaintext),
    open: async (place, sealed) => (await open(keyring, keys, { workspaceId, ...place }, sealed)).reveal(),
    fingerprint: (plaintext) => keyedFingerprint(keyring, keys, workspaceId, plaintext),
    issueApiKey: ({ id, scope, expiresAt }) => issueApiKey(apiKeyRing, { workspaceId, keyId: id, scope, expiresAt }),
  }
}

/** A fault of ours in one change: told to its caller and to the log, and no matter of the others in its group. */
function unexpected(error: unknown, { action, requestId }: MutationRequest): AppError {
  logFault('mutation.failed', error, { action, requestId })
  return new AppError('internal', 'Something went wrong on our side. Nothing was changed.')
}

/** Candor's own parts are to wait: what they have to say counts again when the workspace is kept. */
const endingRefusal = ({ credential }: MutationRequest) =>
  new AppError(
    credential.type === 'system' ? 'unavailable' : 'conflict',
    'This workspace is being deleted. Nothing can be changed in it, unless its owner keeps it.',
  )

/** Decides one request of a group on top of what was decided before it. */
async function decide(
  writer: Writer,
  plan: Plan,
  prepared: Prepared,
  loaded: Loaded,
  refused: AppError | null,
): Promise<Answer> {
  const { request, verb, input, wrong } = prepared
  let subject: Subject | null = null
  try {
    const now = writer.now()
    const caller = confirmCaller(request.credential, loaded.caller, now)
    const context: Context = { ...caller, now, surface: request.surface, targets: writer.targets }
    const fingerprints = await requestFingerprints(writer, prepared, plan.keys)
    subject = subjectOf(plan, context, prepared, loaded.salt, fingerprints[0] ?? null)
    requireRole(context, verb.role)
    if (wrong) throw wrong
    if (loaded.retry !== null && request.idempotencyKey !== null)
      return { ok: true, value: replay(JSON.parse(loaded.retry), fingerprints) }
    if (context.endsAt !== null && !verb.whileEnding) throw endingRefusal(request)
    if (refused) throw refused
    const decision = await verb.run(
      writer.db,
      mutationContext(writer, context, plan, verb.action),
      input,
      loaded.rows as never,
    )
    const planned = await planChange(plan, writer.memory, subject, prepared, { ...decision, outcome: 'ok' })
    const { entityId, before, after, reveal = {}, rowsAfter = null } = decision
    plan.rowsAfter = rowsAfter
    plan.made.push({ action: verb.action, touches: verb.touches?.(input) ?? null })
    plan.created.set(verb.action, (plan.created.get(verb.action) ?? 0) + 1)
    return { ok: true, value: { entityId, before, after, reveal, replayed: false, ...planned } }
  } catch (error) {
    const known = error instanceof AppError ? error : unexpected(error, request)
    if (subject) await planRefusal(plan, writer.memory, subject, prepared, known)
    plan.rowsAfter = loaded.rows
    return failure(known)
  }
}

/** Decides a group and commits it. Null when what was read before is no longer so, or when no batch has shown that it is. */
async function commitOn(writer: Writer, group: Prepared[], basis: Basis, refused: AppError | null) {
  const { holds } = basis
  const plan = emptyPlan(basis.head, basis.keys)
  const answers: Answer[] = []
  for (const [i, prepared] of group.entries())
    answers.push(await decide(writer, plan, prepared, basis.loaded[i] as Loaded, refused))
  // Nothing was asked for that would know an earlier use of its key.
  const isRetried = answers.some(({ ok }, i) => !ok && group[i]?.request.idempotencyKey != null)
  if (holds && (plan.changes.length === 0 || isRetried)) return null
  if (plan.changes.some(({ effects }) => effects.length > 0)) await writer.wakeForEffects()
  const appended = await append(writer, plan.changes, holds)
  if (!appended.ok) {
    writer.known.forget()
    writer.memory.forget()
    return holds && appended.refused ? null : appended
  }
  noteKnown(writer, plan, basis, group)
  return committed(writer, plan, group, answers)
}

function noteKnown({ known }: Writer, plan: Plan, basis: Basis, group: Prepared[]): void {
  const { made, changes, head, rowsAfter } = plan
  const { decided, loaded } = basis
  if (changes.length === 0) return
  known.committed(made, basis.head.size, head.size)
  const [first] = group
  if (decided && rowsAfter && first)
    known.note({ ...decided, action: first.verb.action, caller: loaded[0]?.caller, rows: rowsAfter })
}

/** Decides and commits a prepared group. `refused`: the database has refused this one change already, for this reason. */
async function commitGroup(writer: Writer, group: Prepared[], refused: AppError | null = null): Promise<Answer[]> {
  const asked = group.map((prepared) => askedBy(writer, prepared))
  const [first, ...others] = group
  const decided = first && others.length === 0 && !refused ? decidedOn(first, asked[0] as Asked) : null
  const known = first && decided && knownBasis(writer, first, decided)
  const basis = known ?? (await loadBasis(writer, group, asked, decided))
  const appended = await commitOn(writer, group, basis, refused)
  if (appended === null) {
    // As if it had never been known.
    if (decided) writer.known.drop(decided)
    return commitGroup(writer, group)
  }
  if (!('ok' in appended)) return appended
  if (!appended.refused || refused) return group.map(() => failure(appended.error))
  // One poisoned change fails the whole batch. Each alone: the others go through, and the culprit gets its own answer.
  if (group.length > 1) return oneByOne(writer, group)
  return commitGroup(writer, group, appended.error)
}

/** What this object remembers of a group that is stored now. */
function committed({ memory }: Writer, plan: Plan, group: Prepared[], answers: Answer[]): Answer[] {
  for (const { credential, person } of plan.people) memory.keepPerson(credential, person)
  // A key that was handed over is somebody else's now, with another salt.
  if (group.some(({ verb }) => FORGETS.includes(verb.action))) memory.forget()
  return answers
}

async function oneByOne(writer: Writer, group: Prepared[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const prepared of group) answers.push(...(await commitGroup(writer, [prepared])))
  return answers
}

/**
 * Changes that may be committed together, whole: check, decide, commit. Two D1 round trips for all of them. The caller
 * has taken a turn. Answers in the order of the requests; throws AppError when it cannot be done for any of them.
 */
export async function mutateGroup(writer: Writer, requests: MutationRequest[]): Promise<Answer[]> {
  const prepared = requests.map((request): Prepared | Answer => {
    try {
      return prepare(request)
    } catch (error) {
      return failure(error instanceof AppError ? error : unexpected(error, request))
    }
  })
  const group = prepared.filter((one): one is Prepared => 'verb' in one)
  const answers = group.length > 0 ? await commitGroup(writer, group) : []
  return prepared.map((one) => ('verb' in one ? (answers.shift() as Answer) : one))
}
