import { REPLAYED } from '../../../../shared/contracts/account.ts'
import { AppError, unwrap } from '../../../../shared/errors.ts'
import { asWorkspaceId, newId, type WorkspaceId } from '../../../../shared/ids.ts'
import type { Identity, SignIn as SignInRequest } from '../../account/request.ts'
import { configOf, type Env, type IdentityProvider, objectOf } from '../../bindings.ts'
import { issueSessionToken } from '../../crypto/session-token.ts'
import { database } from '../../db/client.ts'
import { invitationFor, membershipsByIdentity, ownersOfEmail } from '../../services/account/rows.ts'
import type { Client } from '../../services/context.ts'
import type { Purpose, Transaction } from './attempt.ts'
import { noteRefusal } from './refusal.ts'

interface SignIn {
  env: Env
  provider: IdentityProvider
  profile: Identity
  transaction: Transaction<Extract<Purpose, { type: 'sign_in' }>>
  requestId: string
  client: Client
}

/** The cookie's value, and whether there is a workspace that was made just now; or, of an address that is somebody's here, the providers that have verified it for them. */
type SignedIn = { token: string; begins: boolean } | { verifiedBy: string[] }

/**
 * Signs a person in: their session, before it the account when they are new, after it a workspace when they have none and
 * are not on their way to an invitation. A crash in between leaves somebody without a workspace, who gets one at the next
 * sign-in. Throws when a newcomer's e-mail address is not verified.
 */
export async function finishSignIn(signIn: SignIn): Promise<SignedIn> {
  const { env, profile } = signIn
  const [known] = await membershipsByIdentity(database(env.DB), profile.issuer, profile.subject, Date.now())
  const verifiedBy = known ? null : await ownerKnownBy(signIn)
  if (verifiedBy) return { verifiedBy }
  const userId = known?.userId ?? newId('user')
  const newcomer = known ? null : newcomerOf(signIn)
  const there = known?.workspaceId ?? (await invitedTo(signIn))
  const workspaceId = asWorkspaceId(there ?? newId('workspace'))
  if (!workspaceId) throw new AppError('internal', 'A new id has a wrong form.')
  const { token, hash } = await issueSessionToken(configOf(env).signInKey, workspaceId)
  await makeSession(signIn, userId, newcomer, { hash, workspaceId })
  if (there === null) await makeWorkspace(signIn, userId, workspaceId)
  return { token, begins: there === null }
}

/**
 * The workspace of the invitation that somebody follows. Their session begins there, where they are nobody yet: it is good
 * for answering the invitation, and for nothing else.
 */
async function invitedTo({ env, profile, transaction }: SignIn): Promise<string | null> {
  const [, id] = /^\/invitations\/(\w+)$/.exec(transaction.purpose.returnTo) ?? []
  if (id === undefined || profile.email === null) return null
  const [invitation] = await invitationFor(database(env.DB), profile.email, id, Date.now())
  return invitation?.workspaceId ?? null
}

/**
 * Which providers have verified a stranger's address for whoever has it here; null when it is nobody's. They have shown
 * that the address is theirs, and are told of nothing that an account has without it: a provider that knows its person by
 * another address stays unnamed.
 */
async function ownerKnownBy(signIn: SignIn): Promise<string[] | null> {
  const { env, profile } = signIn
  if (profile.email === null) return null
  const owners = await ownersOfEmail(database(env.DB), profile.email)
  const [owner] = owners
  if (!owner) return null
  await noteRefusal(signIn, owner.userId, 'The e-mail address belongs to an account that signs in another way.')
  return [...new Set(owners.filter(({ email }) => email === profile.email).map(({ provider }) => provider))]
}

/** What is kept of somebody new, besides their identity. */
function newcomerOf({ provider, profile: { email } }: SignIn): NonNullable<SignInRequest['newcomer']> {
  if (email === null)
    throw new AppError(
      'forbidden',
      `${provider.name} has not verified your e-mail address. Verify it there, then sign in again.`,
    )
  return { identityId: newId('identity'), email }
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
    identity: profile,
    newcomer,
    session: { ...session, attempt },
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
