import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { unwrap } from '../../shared/errors.ts'
import { asWorkspaceId, newId, type WorkspaceId } from '../../shared/ids.ts'
import type { SignIn } from '../../workers/app/account/request.ts'
import { configOf, type Env, objectOf } from '../../workers/app/bindings.ts'
import { issueSessionToken } from '../../workers/app/crypto/session-token.ts'
import { edge } from '../../workers/app/edge/app.ts'
import type { Credential } from '../../workers/app/services/context.ts'
import type { MutationRequest } from '../../workers/app/workspace/request.ts'

export const ORIGIN = 'http://localhost:8787'
const app = edge()

/** Somebody who is signed in, with a workspace of their own. */
export interface Person {
  workspaceId: WorkspaceId
  userId: string
  cookie: string
  session: Credential
}

export const workspaceOf = (workspaceId: WorkspaceId) => objectOf(env.WORKSPACE, env, workspaceId)

export const accountOf = (userId: string) => objectOf(env.ACCOUNT, env, userId)

export function newWorkspaceId(): WorkspaceId {
  const id = asWorkspaceId(newId('workspace'))
  if (!id) throw new Error('A new id has a wrong form.')
  return id
}

export const NO_CLIENT = { ip: null, userAgent: null }

/** The verified address of a person of these tests. */
export const emailOf = (userId: string) => `${userId.toLowerCase()}@example.test`

/** How a person of these tests signs in. */
export const identityOf = (userId: string, name = 'Ada Lovelace') => ({
  issuer: 'https://github.test',
  subject: userId,
  name,
  email: emailOf(userId),
})

/** A first sign-in as the callback makes it; the provider's part of it has its own tests (test/sign-in). */
export async function newPerson(name = 'Ada Lovelace', workspaceId = newWorkspaceId()): Promise<Person> {
  const userId = newId('user')
  const newcomer = { identityId: newId('identity'), email: emailOf(userId) }
  const person = await signedIn(workspaceId, userId, Date.now(), newcomer, name)
  const made = await workspaceOf(workspaceId).mutate({
    action: 'workspace.create',
    input: { name: `${name}'s workspace` },
    credential: { type: 'sign_in', workspaceId, userId },
    surface: 'dashboard',
    requestId: newId('request'),
    idempotencyKey: null,
    client: NO_CLIENT,
  })
  unwrap(made)
  return person
}

/** Another session of a person in a workspace. */
export async function signedIn(
  workspaceId: WorkspaceId,
  userId: string,
  at = Date.now(),
  newcomer: SignIn['newcomer'] = null,
  name = 'Ada Lovelace',
  client: SignIn['client'] = NO_CLIENT,
): Promise<Person> {
  const { token, hash } = await issueSessionToken(configOf(env).signInKey, workspaceId)
  const made = await accountOf(userId).mutate({
    type: 'session.create',
    userId,
    provider: 'github',
    identity: identityOf(userId, name),
    newcomer,
    session: { hash, attempt: newId('request'), workspaceId },
    requestId: newId('request'),
    client,
    now: at,
  })
  unwrap(made)
  return { workspaceId, userId, cookie: `__Host-candor=${token}`, session: { type: 'session', workspaceId, hash } }
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field, and a wrong shape fails the test
  body: any
  text: string
  headers: Headers
}

export interface Asked {
  /** Who asks: a person with their cookie, or an API key. */
  as?: Person | string
  body?: unknown
  /** Fields of a form, in place of a JSON body. */
  form?: Record<string, string> | [string, string][]
  headers?: Record<string, string>
  env?: Env
}

function headersOf({ as, body, form, headers }: Asked): Headers {
  const all = new Headers(headers)
  if (typeof as === 'string') all.set('authorization', `Bearer ${as}`)
  else if (as) {
    all.set('cookie', as.cookie)
    if (!all.has('origin')) all.set('origin', ORIGIN)
  }
  if (body !== undefined && !all.has('content-type')) all.set('content-type', 'application/json')
  if (form !== undefined) all.set('content-type', 'application/x-www-form-urlencoded')
  return all
}

/** A request through the front door; what runs after the answer has run when this answers. */
export async function ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { body, form } = asked
  const context = createExecutionContext()
  const text = form !== undefined ? new URLSearchParams(form).toString() : typeof body === 'string' ? body : undefined
  const response = await app.request(
    ORIGIN + path,
    {
      method,
      headers: headersOf(asked),
      redirect: 'manual',
      ...(text !== undefined ? { body: text } : body !== undefined ? { body: JSON.stringify(body) } : {}),
    },
    asked.env ?? env,
    context,
  )
  const answer = await response.text()
  await waitOnExecutionContext(context)
  const isJson = /^application\/(?:problem\+)?json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    body: isJson && answer !== '' ? JSON.parse(answer) : null,
    text: answer,
    headers: response.headers,
  }
}

/** An API key of a person's workspace: its token and id. */
export async function newApiKey(person: Person, scope: 'read' | 'write' = 'write', expiresInDays: number | null = 90) {
  const { body } = await ask('POST', '/v1/api-keys', { as: person, body: { name: scope, scope, expiresInDays } })
  return body as { token: string; id: string }
}

export const MONITOR = { name: 'Shop', kind: 'http', url: 'https://shop.example', intervalSeconds: 60, active: false }

/** A change asked of the object itself, as a surface would. */
export const mutateAs = (person: Person, action: string, input: unknown, rest: Partial<MutationRequest> = {}) =>
  workspaceOf(person.workspaceId).mutate({
    action,
    input,
    credential: person.session,
    surface: 'api',
    requestId: newId('request'),
    idempotencyKey: null,
    client: NO_CLIENT,
    ...rest,
  })
