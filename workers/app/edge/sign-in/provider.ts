import type { Context } from 'hono'
import * as oauth from 'oauth4webapi'
import { AppError } from '../../../../shared/errors.ts'
import { configOf, type IdentityProvider } from '../../bindings.ts'
import type { Edge } from '../context.ts'
import { discover, type Server } from './discovery.ts'

/** The provider that a path names. Throws `not_found`. */
export function providerOf(c: Context<Edge>): IdentityProvider {
  const id = c.req.param('provider')
  const provider = configOf(c.env).providers.find((candidate) => candidate.id === id)
  if (!provider) throw new AppError('not_found', 'There is no such way to sign in.')
  return provider
}

/** A provider as oauth4webapi wants it: endpoints are data, so GitHub Enterprise and test servers need no code. */
export async function authorizationServer(provider: IdentityProvider, production: boolean): Promise<Server> {
  const { issuer, authorizeUrl, tokenUrl, jwksUrl } = provider
  if (authorizeUrl === undefined || tokenUrl === undefined) return discover(issuer, production)
  const endpoints = { authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl }
  return { issuer, ...endpoints, ...(jwksUrl !== undefined && { jwks_uri: jwksUrl }) }
}

export const clientOf = (provider: IdentityProvider): oauth.Client => ({ client_id: provider.clientId })

const SCOPES = { github: 'read:user user:email', oidc: 'openid email profile' }
/**
 * What makes a provider ask the person, and not go by an earlier answer. Not `login`, which not every provider takes;
 * GitHub has the choice of the account only.
 */
const PROMPTS = { github: 'select_account', oidc: 'consent' }

/** Where the browser is sent. PKCE is RFC 7636, S256. `anew`: the provider is to ask once more. */
export async function authorizeUrl(
  provider: IdentityProvider,
  server: Server,
  attempt: { redirectUri: string; state: string; nonce: string; codeVerifier: string },
  anew: boolean,
): Promise<string> {
  const url = new URL(server.authorization_endpoint)
  url.searchParams.set('client_id', provider.clientId)
  url.searchParams.set('redirect_uri', attempt.redirectUri)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('scope', SCOPES[provider.kind])
  url.searchParams.set('state', attempt.state)
  url.searchParams.set('code_challenge', await oauth.calculatePKCECodeChallenge(attempt.codeVerifier))
  url.searchParams.set('code_challenge_method', 'S256')
  if (anew) url.searchParams.set('prompt', PROMPTS[provider.kind])
  if (provider.kind === 'oidc') url.searchParams.set('nonce', attempt.nonce)
  return url.href
}
