import { REPLAYED } from '../../../../shared/contracts/account.ts'
import { AppError, unwrap } from '../../../../shared/errors.ts'
import { asWorkspaceId, newId, type WorkspaceId } from '../../../../shared/ids.ts'
import type { SignIn as SignInRequest } from '../../account/request.ts'
import { configOf, type Env, type IdentityProvider, objectOf } from '../../bindings.ts'
import { issueSessionToken } from '../../crypto/session-token.ts'
import { database } from '../../db/client.ts'
import { invitationFor, membershipsByIdentity, ownersOfEmail } from '../../services/account/rows.ts'
import type { Client } from '../../services/context.ts'
import type { Transaction } from './attempt.ts'
import type { Profile } from './profile.ts'

interface SignIn {
  env: Env
  provider: IdentityProvider
  profile: Profile
  transaction: Transaction
  requestId: string
  client: Client
}

/**
 * Signs a person in: their session, before it the account when they are new, after it a workspace when they have none and
 * are not on their way to an invitation. A crash in between leaves somebody without a workspace, who gets one at the next
 * sign-in. Answers the cookie's value.
 */
export async function finishSignIn(signIn: SignIn): Promise<string> {
  const { env, profile } = signIn
  const [known] = await membershipsByIdentity(database(env.DB), profile.issuer, profile.subject, Date.now())
  const userId = known?.userId ?? newId('user')
  const newcomer = known ? null : await newcomerOf(signIn)
  const there = known?.workspaceId ?? (await invitedTo(signIn))
  const workspaceId = asWorkspaceId(there ?? newId('workspace'))
  if (!workspaceId) throw new AppError('internal', 'A new id has a wrong form.')
  const { token, hash } = await issueSessionToken(configOf(env).signInKey, workspaceId)
  await makeSession(signIn, userId, newcomer, { hash, workspaceId })
  if (there === null) await makeWorkspace(signIn, userId, workspaceId)
  return token
}

/**
 * The workspace of the invitation that somebody follows. Their session begins there, where they are nobody yet: it is good
 * for answering the invitation, and for nothing else.
 */
async function invitedTo({ env, profile, transaction }: SignIn): Promise<string | null> {
  const [, id] = /^\/invitations\/(\w+)$/.exec(transaction.returnTo) ?? []
  if (id === undefined || profile.email === null) return null
  const [invitation] = await invitationFor(database(env.DB), profile.email, id, Date.now())
  return invitation?.workspaceId ?? null
}

/** What is kept of somebody new. Throws when their e-mail address is not verified, or belongs to somebody else here. */
async function newcomerOf(signIn: SignIn): Promise<NonNullable<SignInRequest['newcomer']>> {
  const { env, provider, profile } = signIn
  const { email, issuer, subject } = profile
  if (email === null)
    throw new AppError(
      'forbidden',
      `${provider.name} has not verified your e-mail address. Verify it there, then sign in again.`,
    )
  const [owner] = await ownersOfEmail(database(env.DB), email)
  if (owner) {
    await noteRefusal(signIn, owner.userId, 'The e-mail address belongs to an account that signs in another way.')
    const other = configOf(env).providers.find((candidate) => candidate.id === owner.provider)?.name ?? owner.provider
    throw new AppError('forbidden', `There is an account with this e-mail address. Sign in with ${other}.`)
  }
  const name =
    profile.name
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '')
      .trim()
      .slice(0, 100) || 'Somebody'
  return { name, email, identity: { id: newId('identity'), issuer, subject } }
}

/** People see in their own log that somebody tried to come in as them; while that takes entries. */
async function noteRefusal({ env, provider, requestId, client }: SignIn, userId: string, why: string): Promise<void> {
  const request = { type: 'sign_in.refuse' as const, userId, provider: provider.id, why }
  const noted = await objectOf(env.ACCOUNT, env, userId).mutate({ ...request, requestId, client, now: Date.now() })
  if (noted.ok || noted.code !== 'log_tampered') return void unwrap(noted)
  // Whoever tried is refused all the same, and is told nothing about the log of somebody else.
  console.error(JSON.stringify({ event: 'sign_in.refusal_not_noted', requestId, userId }))
}

const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function makeSession(
  signIn: SignIn,
  userId: string,
  newcomer: SignInRequest['newcomer'],
  session: { hash: string; workspaceId: string },
): Promise<void> {
  const { env, provider, profile, transaction, requestId, client } = signIn
  const attempt = hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(transaction.state)))
  const request: SignInRequest = {
    type: 'session.create',
    userId,
    provider: provider.id,
    newcomer,
    session: { ...session, attempt, email: profile.email },
    requestId,
    client,
    now: Date.now(),
  }
  const made = await objectOf(env.ACCOUNT, env, userId).mutate(request)
  // The only session that is a bad request is one of an attempt that has had its session.
  if (!made.ok && made.code === 'bad_request' && !newcomer) await noteRefusal(signIn, userId, REPLAYED)
  unwrap(made)
}

async function makeWorkspace({ env, requestId, client }: SignIn, userId: string, workspaceId: WorkspaceId) {
  unwrap(
    await objectOf(env.WORKSPACE, env, workspaceId).mutate({
      action: 'workspace.create',
      // Not the person's name: an entry keeps what a workspace was called for ever.
      input: { name: 'My workspace' },
      credential: { type: 'sign_in', workspaceId, userId },
      surface: 'dashboard',
      requestId,
      idempotencyKey: null,
      client,
    }),
  )
}
