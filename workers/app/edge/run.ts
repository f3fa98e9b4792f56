import type { Context } from 'hono'
import { AppError, unwrap } from '../../../shared/errors.ts'
import { configOf, objectOf } from '../bindings.ts'
import { database } from '../db/client.ts'
import { noteSessionUse } from '../services/account/rows.ts'
import { noteApiKeyUse } from '../services/api-key/rows.ts'
import { type Caller, type Credential, requireCredential, requireScope } from '../services/context.ts'
import { parseInput } from '../services/input.ts'
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
  const { allowPrivate, ownHosts } = configOf(c.env)
  return {
    credential: credentialOf(c),
    surface: c.get('surface'),
    now: Date.now(),
    targets: { allowPrivate, ownHosts },
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

/** A read: one D1 round trip. */
export async function read<A>(c: C, query: Query<unknown, Load, A>, input: unknown): Promise<A> {
  const { context, answer } = await readOne(database(c.env.DB), readRequest(c), query, input)
  noteUse(c, context)
  return answer
}

/** Everything a page needs, in one D1 round trip. */
export async function readPage<const Q extends readonly { query: Query<unknown, Load, unknown>; input: unknown }[]>(
  c: C,
  queries: Q,
) {
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

/** Refuses what can be refused without I/O: no credential, one that may not, one whose scope does not reach. */
export function requireMay(c: C, verb: Mutation): Credential {
  const credential = credentialOf(c)
  requireScope(credential, verb.scope)
  requireCredential(credential, verb.credentials ?? PEOPLE_AND_KEYS)
  return credential
}

/** A change: handed to the workspace's object, which makes it. The edge itself sends no statement. */
export async function mutate(c: C, verb: Mutation, input: unknown): Promise<MutationAnswer> {
  const credential = requireMay(c, verb)
  const stub = objectOf(c.env.WORKSPACE, c.env, credential.workspaceId)
  const result = await stub.mutate({
    action: verb.action,
    input: parseInput(verb, input),
    credential,
    surface: c.get('surface'),
    requestId: c.get('requestId'),
    idempotencyKey: idempotencyKeyOf(c),
  })
  return unwrap(result)
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
