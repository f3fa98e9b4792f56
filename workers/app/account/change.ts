import { sessionId } from '../../../shared/contracts/account.ts'
import { AppError } from '../../../shared/errors.ts'
import { append, type LogWriter } from '../workspace/append.ts'
import type { Change } from '../workspace/commit.ts'
import { makeEntry, type Subject } from '../workspace/entry.ts'
import type { Head } from '../workspace/head.ts'
import { loadAccount } from './load.ts'
import type { AccountAnswer, AccountRequest } from './request.ts'
import { endWithoutEntry, lateDeeds, type UnrecordedKeeper } from './unrecorded.ts'
import type { Deed, Deeds } from './verb.ts'

interface AccountWriter extends LogWriter {
  unrecorded: UnrecordedKeeper
}

const NOBODY_SIGNS_IN =
  'Nobody can sign in as you until the operator of this Candor has looked into it, because the log of your account is no longer what was written into it.'

type Loaded = Awaited<ReturnType<typeof loadAccount>>

/** Makes a change, in as many batches as it takes. Throws AppError. */
export async function changeAccount(writer: AccountWriter, request: AccountRequest): Promise<AccountAnswer> {
  for (;;) {
    const loaded = await loadAccount(writer.db, request)
    const deeds = loaded.decide()
    if (deeds.list.length > 0) await commit(writer, request, loaded, deeds)
    if (!deeds.more) return { size: writer.head.own().size }
  }
}

/**
 * The deeds with their entries, or, where the log takes none, the ends of sessions without. A log that somebody has
 * tampered with must keep nobody from throwing an intruder out; whoever tampered may be the intruder.
 */
async function commit(writer: AccountWriter, request: AccountRequest, loaded: Loaded, deeds: Deeds): Promise<void> {
  const error = await record(writer, request, loaded, deeds)
  if (!error) return
  const ends = deeds.list.flatMap(({ ends, action }) => (ends === undefined ? [] : [{ hash: ends, action }]))
  if (ends.length === deeds.list.length) return endWithoutEntry(writer.db, writer.unrecorded, request, ends)
  // The database refuses personal fields that were altered, too; a conflict is another thing.
  const isTampered = error.code === 'log_tampered' || error.code === 'unavailable'
  throw isTampered && request.type === 'session.create' ? new AppError('log_tampered', NOBODY_SIGNS_IN) : error
}

/** Commits the deeds with their entries. Answers why the log takes no entry; throws when that cannot be known. */
async function record(
  writer: AccountWriter,
  request: AccountRequest,
  { head, salt, ended }: Loaded,
  deeds: Deeds,
): Promise<AppError | null> {
  let settled: Head
  try {
    settled = await writer.head.settle(head)
  } catch (error) {
    if (error instanceof AppError && error.code === 'log_tampered') return error
    throw error
  }
  const late = lateDeeds(writer.db, writer.unrecorded, request.userId, ended)
  const subject = subjectOf(request, salt ?? crypto.getRandomValues(new Uint8Array(32)), deeds.by)
  const appended = await append(writer, await changesOf(settled, subject, [...late, ...deeds.list]))
  if (appended.ok) {
    const recorded = late.map(({ entityId }) => entityId)
    writer.unrecorded.keepOnly(ended.map(sessionId).filter((id) => !recorded.includes(id)))
    return null
  }
  if (appended.refused) return appended.error
  throw appended.error
}

function subjectOf(request: AccountRequest, salt: Uint8Array, by: Deeds['by']): Subject {
  const { userId, requestId, client, now } = request
  const common = { logId: userId, now, requestId, idempotencyKey: null, fingerprint: null }
  if ('part' in by) {
    const actor = { type: 'system', id: by.part } as const
    return { ...common, actor, userId: null, person: null, surface: 'system', auth: 'system' }
  }
  const { ip, userAgent, country } = client
  const fields = { ...by.person, ...(ip && { ip }), ...(country && { country }), ...(userAgent && { userAgent }) }
  return {
    ...common,
    actor: { type: 'user', id: userId },
    userId,
    person: { fields, salt },
    surface: 'dashboard',
    auth: 'provider' in request && !('by' in request) ? request.provider : 'session',
  }
}

async function changesOf(head: Head, subject: Subject, deeds: Deed[]): Promise<Change[]> {
  const changes: Change[] = []
  let at = head
  for (const { action, entityId, before, after, writes, effects = [], outcome = 'ok', subject: other } of deeds) {
    const entry = await makeEntry(at, { ...subject, ...other }, { action, entityId, before, after, outcome })
    changes.push({ entry, writes, effects })
    at = entry.head
  }
  return changes
}
