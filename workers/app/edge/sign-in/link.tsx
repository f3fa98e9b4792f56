import type { Context } from 'hono'
import { LINKED_BY_ANOTHER } from '../../../../shared/contracts/account.ts'
import { AppError, ERROR_STATUS, type ErrorCode } from '../../../../shared/errors.ts'
import { logFault } from '../../../../shared/fault.ts'
import { newId } from '../../../../shared/ids.ts'
import type { Identity } from '../../account/request.ts'
import { configOf, type IdentityProvider } from '../../bindings.ts'
import { issueSessionToken } from '../../crypto/session-token.ts'
import { database } from '../../db/client.ts'
import { NotLinkedPage } from '../../pages/link.tsx'
import { membershipsByIdentity, userOfSession } from '../../services/account/rows.ts'
import type { Credential } from '../../services/context.ts'
import { changeOwn } from '../account.ts'
import type { Edge } from '../context.ts'
import { setSessionCookie } from '../middleware/credential.ts'
import { page } from '../page.ts'
import { clientOf } from '../run.ts'
import type { Purpose, Transaction } from './attempt.ts'
import { noteRefusal } from './refusal.ts'

type C = Context<Edge>
export type LinkTransaction = Transaction<Extract<Purpose, { type: 'link' }>>

/** The session that set out to link, if it is this browser's. Before the code is redeemed, and without I/O. */
export function sessionOfLink(c: C, { purpose }: LinkTransaction): Extract<Credential, { type: 'session' }> {
  const credential = c.get('credential')
  if (credential?.type !== 'session' || credential.hash !== purpose.session)
    throw new AppError('forbidden', 'This was begun in another session. Begin again from your account.')
  return credential
}

/** The account at the provider becomes a way to sign in, and the session goes on under a new token. */
export async function finishLink(
  c: C,
  provider: IdentityProvider,
  profile: Identity,
  transaction: LinkTransaction,
): Promise<void> {
  const { hash, workspaceId } = sessionOfLink(c, transaction)
  const { token, hash: next } = await issueSessionToken(configOf(c.env).signInKey, workspaceId)
  const identity = { ...profile, id: newId('identity'), provider: provider.id }
  const link = { type: 'identity.link' as const, identity, begunAt: transaction.createdAt, next }
  await changeOwn(c, (by) => ({ ...link, by })).catch(async (error) => {
    if (error instanceof AppError && error.code === 'conflict') await tellOwner(c, provider, profile, hash)
    throw error
  })
  setSessionCookie(c, token)
}

/** Whoever signs in with that account sees in their log that somebody else could show it to be theirs. */
async function tellOwner(c: C, provider: IdentityProvider, { issuer, subject }: Identity, hash: string): Promise<void> {
  const db = database(c.env.DB)
  const owners = membershipsByIdentity(db, issuer, subject, Date.now())
  const [[owner], [self]] = await db.batch([owners, userOfSession(db, hash)])
  if (!owner || owner.userId === self?.userId) return
  const by = { env: c.env, provider, requestId: c.get('requestId'), client: clientOf(c) }
  await noteRefusal(by, owner.userId, LINKED_BY_ANOTHER)
}

/** What can come of an attempt; anything else is a fault, and not about it. */
const REFUSALS: ErrorCode[] = ['bad_request', 'forbidden', 'conflict', 'limit_reached']

/** Nothing was linked. That is an entry of whoever set out, if this is their session. */
export async function notLinked(
  c: C,
  { id, name }: IdentityProvider,
  { purpose }: LinkTransaction,
  { code, message }: AppError,
): Promise<Response> {
  const credential = c.get('credential')
  const isTheirs = credential?.type === 'session' && credential.hash === purpose.session
  if (isTheirs && REFUSALS.includes(code))
    await changeOwn(c, (by) => ({ type: 'identity.refuse', by, provider: id, why: message })).catch((error) =>
      logFault('link.refusal_not_noted', error),
    )
  return page(c, <NotLinkedPage provider={name} message={message} />, ERROR_STATUS[code])
}
