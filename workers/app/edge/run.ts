import type { Context } from 'hono'
import { AppError, type Result, unwrap } from '../../../shared/errors.ts'
import { configOf, objectOf } from '../bindings.ts'
import { database } from '../db/client.ts'
import { noteSessionUse } from '../services/account/rows.ts'
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
import type { Query } from '../services/query.ts'
import { type ReadRequest, readAll, readOne } from '../services/read.ts'
import { SESSION_NOTE_MS } from '../services/session/lifetime.ts'
import type { MutationAnswer } from '../workspace/request.ts'
import type { Edge } from './context.ts'

type C = Context<Edge>

/** The credential of a request. Throws `unauthorized` when none came, `forbidden` for a key on a page: pages are for people. */
export function credentialOf(c: C): Credential {
  const credential = c.get('credential')
  if (!credential)
    throw new AppError('unauthorized', 'Sign in, or send an API key: `Authorization: Bearer` and the key.')
  if (c.get('surface') === 'dashboard') requireCredential(credential, ['session'])
  return credential
}

function readRequest(c: C): ReadRequest {
  const { allowPrivate, ownHosts, checkpointer } = configOf(c.env)
  return {
    credential: credentialOf(c),
    surface: c.get('surface'),
    now: Date.now(),
    targets: { allowPrivate, ownHosts },
    checkpointer,
  }
}

/** Notes that a credential was used, rarely and after the answer; it never fails a request. */
function noteUse(c: C, caller: Caller): void {
  const credential = credentialOf(c)
  const db = database(c.env.DB)
  const now = Date.now()
  const note =
    credential.type === 'session' && now - (caller.lastSeenAt ?? now) > SESSION_NOTE_MS
      ? noteSessionUse(db, credential.hash, now)
      : null
  if (note) c.executionCtx.waitUntil(note.run().catch(() => undefined))
}

const HOUR_MS = 3_600_000

/**
 * Reads of the audit log are entries of it: one an hour for each reader. A log that does not match its copy takes no
 * entry any more, and is read all the same: now more than ever.
 */
async function noteReadings(c: C, queries: readonly { query: Pick<Query, 'noted'> }[]): Promise<void> {
  if (!queries.some(({ query }) => query.noted)) return
  const credential = credentialOf(c)
  const reader =
    credential.type === 'api_key' ? credential.keyId : 'hash' in credential ? credential.hash.slice(0, 16) : ''
  const key = ownKey(noteReading.action, reader, Math.floor(Date.now() / HOUR_MS))
  const result = await ask(c, noteReading, {}, key)
  if (!result.ok && result.code !== 'log_tampered') unwrap(result)
}

/** A read: one D1 round trip, and where the log is read the noting of it. */
export async function read<A>(c: C, query: Query<unknown, Load, A>, input: unknown): Promise<A> {
  await noteReadings(c, [{ query }])
  const { context, answer } = await readOne(database(c.env.DB), readRequest(c), query, input)
  noteUse(c, context)
  return answer
}

/** Everything a page needs, in one D1 round trip. */
export async function readPage<const Q extends readonly { query: Query<unknown, Load, unknown>; input: unknown }[]>(
  c: C,
  queries: Q,
) {
  await noteReadings(c, queries)
  const page = await readAll(database(c.env.DB), readRequest(c), queries)
  noteUse(c, page.context)
  return page
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

function idempotencyKeyOf(c: C): string | null {
  const key = c.req.header('idempotency-key') ?? null
  if (key !== null && !IDEMPOTENCY_KEY.test(key))
    throw new AppError('bad_request', 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
  return key
}

const MAX_USER_AGENT = 256

/** The address that the platform says a request came from, and how its client names itself. */
export function clientOf(c: C): Client {
  // On one machine nobody vouches for this header.
  const ip = configOf(c.env).production ? (c.req.header('cf-connecting-ip') ?? null) : null
  return { ip, userAgent: c.req.header('user-agent')?.slice(0, MAX_USER_AGENT) ?? null }
}

/** Refuses what can be refused without I/O: no credential, one that may not, one whose scope does not reach. */
export function requireMay(c: C, verb: Mutation): Credential {
  const credential = credentialOf(c)
  requireScope(credential, verb.scope)
  requireCredential(credential, verb.credentials ?? PEOPLE_AND_KEYS)
  return credential
}

/** A change: handed to the workspace's object, which makes it. The edge itself sends no statement. */
export async function mutate(c: C, verb: Mutation, input: unknown): Promise<MutationAnswer> {
  return unwrap(await ask(c, verb, input, idempotencyKeyOf(c)))
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
  c.executionCtx.waitUntil(note.run().catch(() => undefined))
}
