import type { Context } from 'hono'
import { AppError, type Result, unwrap } from '../../../shared/errors.ts'
import { logFault } from '../../../shared/fault.ts'
import { asWorkspaceId } from '../../../shared/ids.ts'
import { configOf, deploymentLog, type Env, objectOf } from '../bindings.ts'
import type { Checkpointer } from '../crypto/checkpointer.ts'
import { database } from '../db/client.ts'
import { noteSessionUse } from '../services/account/rows.ts'
import { listOwnWorkspaces } from '../services/account/workspaces.ts'
import { noteApiKeyUse } from '../services/api-key/rows.ts'
import { noteReading } from '../services/audit/note.ts'
import {
  type Caller,
  type Client,
  type Credential,
  ownKey,
  requireCredential,
  requireScope,
} from '../services/context.ts'
import { type Load, type Mutation, PEOPLE_AND_KEYS } from '../services/mutation.ts'
import type { MonitorFigures, Query } from '../services/query.ts'
import { type ReadRequest, readAll, readOne } from '../services/read.ts'
import { SESSION_NOTE_MS } from '../services/session/lifetime.ts'
import type { MutationAnswer } from '../workspace/request.ts'
import type { Edge } from './context.ts'
import { countChange } from './rate-limit/count-change.ts'

type C = Context<Edge>

/** The credential of a request. Throws `unauthorized` when none came, `forbidden` for a key on a page: pages are for people. */
export function credentialOf(c: C): Credential {
  const credential = c.get('credential')
  if (!credential)
    throw new AppError('unauthorized', 'Sign in, or send an API key: `Authorization: Bearer` and the key.')
  if (c.get('surface') === 'dashboard') requireCredential(credential, ['session'])
  return credential
}

/**
 * Signs heads of a log of the caller's, once its object has said that they are its own: the edge has them from D1, which
 * alone is not believed.
 */
export function signerOf(c: C): Checkpointer {
  const { checkpointer } = configOf(c.env)
  return {
    ...checkpointer,
    async sign(logId, head) {
      const workspaceId = asWorkspaceId(logId)
      const owner = workspaceId ? objectOf(c.env.WORKSPACE, c.env, workspaceId) : objectOf(c.env.ACCOUNT, c.env, logId)
      unwrap<null>(await owner.vouch(logId, head))
      return checkpointer.sign(logId, head)
    },
  }
}

/** A head, signed; null when the log does not match its own copy: then nothing of it is signed. */
export const signedHead = (c: C, logId: string, head: { size: number; root: Uint8Array }): Promise<string | null> =>
  signerOf(c)
    .sign(logId, head)
    .catch((error) => {
      if (error instanceof AppError && error.code === 'log_tampered') return null
      throw error
    })

/** What reads may ask of the object that checks monitors. Throws `unavailable` when it cannot be reached. */
export const monitoringOf = (env: Env): MonitorFigures => ({
  summaries: (workspaceId, ids, days) =>
    objectOf(env.MONITORING, env, workspaceId)
      .summaries(ids, days)
      .catch((error) => {
        logFault('monitoring.unreachable', error, { workspaceId })
        throw new AppError('unavailable', 'How monitors stand could not be read just now. Try again.')
      }),
})

function readRequest(c: C): ReadRequest {
  const { allowPrivate, ownHosts } = configOf(c.env)
  return {
    credential: credentialOf(c),
    surface: c.get('surface'),
    now: Date.now(),
    targets: { allowPrivate, ownHosts },
    checkpointer: signerOf(c),
    deployment: { receipt: (workspaceId) => deploymentLog(c.env).receipt(workspaceId) },
    monitoring: monitoringOf(c.env),
  }
}

/** Lets a note be written after the answer. It never fails a request. */
function noteAfterwards(c: C, note: { run(): Promise<unknown> }): void {
  c.executionCtx.waitUntil(note.run().catch((error) => logFault('use.not_noted', error)))
}

/** Notes that a session was used, rarely. */
function noteUse(c: C, caller: Pick<Caller, 'lastSeenAt'>): void {
  const credential = credentialOf(c)
  const now = Date.now()
  if (credential.type !== 'session' || now - (caller.lastSeenAt ?? 0) <= SESSION_NOTE_MS) return
  noteAfterwards(c, noteSessionUse(database(c.env.DB), credential.hash, now))
}

const HOUR_MS = 3_600_000

/**
 * Reads of the audit log are entries of it: one an hour for each reader. A log that does not match its copy takes no
 * entry any more, and is read all the same: now more than ever.
 */
async function noteReadings(c: C, queries: readonly { query: Pick<Query, 'noted'> }[]): Promise<void> {
  const noted = queries.map(({ query }) => query.noted).find(Boolean)
  if (!noted) return
  const credential = credentialOf(c)
  const reader =
    credential.type === 'api_key' ? credential.keyId : 'hash' in credential ? credential.hash.slice(0, 16) : ''
  const recent = noted === 'recent'
  const key = ownKey(noteReading.action, ...(recent ? [noted] : []), reader, Math.floor(Date.now() / HOUR_MS))
  const result = await ask(c, noteReading, recent ? { recent } : {}, key)
  if (!result.ok && result.code !== 'log_tampered') unwrap(result)
}

/** A read: one D1 round trip, and where the log is read the noting of it. */
export async function read<A>(c: C, query: Query<unknown, Load, A>, input: unknown): Promise<A> {
  await noteReadings(c, [{ query }])
  const { context, answer } = await readOne(database(c.env.DB), readRequest(c), query, input)
  noteUse(c, context)
  return answer
}

/** Everything a page needs, in one D1 round trip: what it asks for, and the menu of workspaces that it has at its top. */
export async function readPage<const Q extends readonly { query: Query<unknown, Load, unknown>; input: unknown }[]>(
  c: C,
  queries: Q,
) {
  await noteReadings(c, queries)
  const { context, answers } = await readAll(database(c.env.DB), readRequest(c), [
    { query: listOwnWorkspaces, input: {} },
    ...queries,
  ])
  noteUse(c, context)
  const [own, ...rest] = answers
  return { context: { ...context, own }, answers: rest }
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

function idempotencyKeyOf(c: C): string | null {
  const key = c.req.header('idempotency-key') ?? null
  if (key !== null && !IDEMPOTENCY_KEY.test(key))
    throw new AppError('bad_request', 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
  return key
}

const MAX_USER_AGENT = 256

/** The platform's code of a country; `XX` is its word for none, `T1` for Tor. */
const countryOf = (code: string | null) => (code !== null && /^[A-Z][A-Z1]$/.test(code) && code !== 'XX' ? code : null)

/** The address that the platform says a request came from, and how its client names itself. */
export function clientOf(c: C): Client {
  // On one machine nobody vouches for these headers.
  const said = (name: string) => (configOf(c.env).production ? (c.req.header(name) ?? null) : null)
  const userAgent = c.req.header('user-agent')?.slice(0, MAX_USER_AGENT) ?? null
  return { ip: said('cf-connecting-ip'), country: countryOf(said('cf-ipcountry')), userAgent }
}

/**
 * Refuses what can be refused without I/O: no credential, and one whose scope does not reach. A key of the right scope for
 * what only people may do is refused by the workspace, which notes it.
 */
export function requireMay(c: C, verb: Mutation): Credential {
  const credential = credentialOf(c)
  requireScope(credential, verb.scope)
  if (verb.scope === 'read') requireCredential(credential, verb.credentials ?? PEOPLE_AND_KEYS)
  return credential
}

/** A change: handed to the workspace's object, which makes it. The edge itself sends no statement. */
export async function mutate(c: C, verb: Mutation, input: unknown): Promise<MutationAnswer> {
  const idempotencyKey = idempotencyKeyOf(c)
  await countChange(c, verb, requireMay(c, verb), input)
  const answer = unwrap(await ask(c, verb, input, idempotencyKey))
  // When it was noted last is not known here: the statement looks by itself.
  noteUse(c, { lastSeenAt: null })
  return answer
}

/** A change that somebody makes in a workspace which they are no member of yet. */
export async function mutateAs(
  c: C,
  credential: Extract<Credential, { type: 'founder' | 'invited' }>,
  verb: Mutation,
  input: unknown,
): Promise<MutationAnswer> {
  requireCredential(credential, verb.credentials ?? PEOPLE_AND_KEYS)
  return unwrap(await send(c, credential, verb, input, null))
}

const ask = (c: C, verb: Mutation, input: unknown, idempotencyKey: string | null): Promise<Result<MutationAnswer>> =>
  send(c, requireMay(c, verb), verb, input, idempotencyKey)

function send(
  c: C,
  credential: Credential,
  verb: Mutation,
  input: unknown,
  idempotencyKey: string | null,
): Promise<Result<MutationAnswer>> {
  const stub = objectOf(c.env.WORKSPACE, c.env, credential.workspaceId)
  return stub.mutate({
    action: verb.action,
    input,
    credential,
    surface: c.get('surface'),
    requestId: c.get('requestId'),
    idempotencyKey,
    client: clientOf(c),
  })
}

const DAY_LENGTH = '2026-11-24'.length

/** Notes the day on which a key was used. */
export function noteKeyUse(c: C): void {
  const credential = c.get('credential')
  if (credential?.type !== 'api_key') return
  const day = new Date().toISOString().slice(0, DAY_LENGTH)
  const note = noteApiKeyUse(database(c.env.DB), credential.workspaceId, credential.keyId, day)
  noteAfterwards(c, note)
}
