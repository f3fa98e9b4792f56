import { AppError, unwrap } from '../../../../shared/errors.ts'
import { asWorkspaceId, newId } from '../../../../shared/ids.ts'
import { configOf, type Env, type IdentityProvider, objectOf } from '../../bindings.ts'
import { issueSessionToken } from '../../crypto/session-token.ts'
import { database } from '../../db/client.ts'
import { insertSession, membershipsByIdentity, providersByEmail } from '../../services/account/rows.ts'
import type { Transaction } from './attempt.ts'
import type { Profile } from './profile.ts'

interface SignIn {
  env: Env
  provider: IdentityProvider
  profile: Profile
  transaction: Transaction
  requestId: string
  userAgent: string
}

/** Signs a person in, making them and their workspace first when they are new. Answers the session's cookie value. */
export async function finishSignIn(signIn: SignIn): Promise<string> {
  const { env, profile } = signIn
  const known = await membershipsByIdentity(database(env.DB), profile.issuer, profile.subject)
  const [first] = known
  const person = first ? { userId: first.userId, workspaceId: first.workspaceId } : await makePerson(signIn)
  const workspaceId = person.workspaceId && asWorkspaceId(person.workspaceId)
  if (!workspaceId)
    throw new AppError('forbidden', 'You belong to no workspace any more. Ask its owner to invite you again.')
  return makeSession(signIn, person.userId, workspaceId)
}

async function makePerson({ env, provider, profile, requestId }: SignIn) {
  const { email } = profile
  if (email === null)
    throw new AppError(
      'forbidden',
      `${provider.name} has not verified your e-mail address. Verify it there, then sign in again.`,
    )
  const [taken] = await providersByEmail(database(env.DB), email)
  if (taken) {
    const other = configOf(env).providers.find((candidate) => candidate.id === taken.provider)?.name ?? taken.provider
    throw new AppError('forbidden', `There is an account with this e-mail address. Sign in with ${other}.`)
  }
  const userId = newId('user')
  const workspaceId = asWorkspaceId(newId('workspace'))
  if (!workspaceId) throw new AppError('internal', 'A new id has a wrong form.')
  const { issuer, subject } = profile
  const name =
    profile.name
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '')
      .trim()
      .slice(0, 100) || 'Somebody'
  unwrap(
    await objectOf(env.WORKSPACE, env, workspaceId).mutate({
      action: 'workspace.create',
      input: {
        name: `${name}'s workspace`,
        user: { id: userId, name, email },
        identity: { id: newId('identity'), provider: provider.id, issuer, subject },
      },
      credential: { type: 'sign_in', workspaceId, userId },
      surface: 'dashboard',
      requestId,
      idempotencyKey: null,
    }),
  )
  return { userId, workspaceId }
}

const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function makeSession(
  { env, provider, transaction, userAgent }: SignIn,
  userId: string,
  workspaceId: NonNullable<ReturnType<typeof asWorkspaceId>>,
): Promise<string> {
  const { token, hash } = await issueSessionToken(configOf(env).signInKey, workspaceId)
  const now = Date.now()
  await insertSession(database(env.DB), {
    hash,
    userId,
    attempt: hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(transaction.state))),
    provider: provider.id,
    userAgent: userAgent.slice(0, 256),
    createdAt: now,
    lastSeenAt: now,
  })
  return token
}
