import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as oauth from 'oauth4webapi'
import { configOf } from '../../bindings.ts'
import { openTransaction, sealTransaction } from '../../crypto/transaction.ts'
import type { Edge } from '../context.ts'
import type { Attempt } from './profile.ts'

/** What an attempt is for. Its callback does this and nothing else: a link signs nobody in, a sign-in links nothing. */
export type Purpose =
  | { type: 'sign_in'; returnTo: string }
  /** `session`: hash of the only session in which it may end. */
  | { type: 'link'; session: string }

/** One way to a provider and back, kept in a sealed cookie of its own, so that two tabs at once work. */
export interface Transaction<P extends Purpose = Purpose> extends Attempt {
  provider: string
  issuer: string
  purpose: P
  /** Unix milliseconds. */
  createdAt: number
}

export const isFor = <T extends Purpose['type']>(
  transaction: Transaction,
  type: T,
): transaction is Transaction<Extract<Purpose, { type: T }>> => transaction.purpose?.type === type

const LIFETIME_SECONDS = 600
const cookieName = (state: string) => `__Host-candor-sign-in-${state.slice(0, 8)}`

/** Where somebody goes who is on the way to nowhere else. */
export const START_PAGE = '/monitors'

/** A path on this origin, or the start page. */
export function safePath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(path) && !path.includes('\\') ? path : START_PAGE
}

export async function beginAttempt(
  c: Context<Edge>,
  provider: { id: string; issuer: string },
  purpose: Purpose,
): Promise<Transaction> {
  const { signInKey, publicUrl } = configOf(c.env)
  const transaction: Transaction = {
    provider: provider.id,
    issuer: provider.issuer,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    redirectUri: `${publicUrl}/sign-in/${provider.id}/callback`,
    purpose,
    createdAt: Date.now(),
  }
  const name = cookieName(transaction.state)
  setCookie(c, name, await sealTransaction(signInKey, name, { ...transaction }), {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: LIFETIME_SECONDS,
  })
  return transaction
}

/** The attempt that a callback belongs to, in this browser and for this provider; null when there is none. */
export async function endAttempt(
  c: Context<Edge>,
  provider: { id: string; issuer: string },
): Promise<Transaction | null> {
  const state = c.req.query('state')
  if (state === undefined || !/^[\w-]{20,100}$/.test(state)) return null
  const name = cookieName(state)
  const sealed = getCookie(c, name)
  if (sealed === undefined) return null
  deleteCookie(c, name, { path: '/', secure: true })
  const opened: unknown = await openTransaction(configOf(c.env).signInKey, name, sealed, Date.now())
  const transaction = opened as Transaction | null
  const matches =
    transaction?.state === state && transaction.provider === provider.id && transaction.issuer === provider.issuer
  return matches ? transaction : null
}
