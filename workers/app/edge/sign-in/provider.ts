import * as oauth from 'oauth4webapi'
import type { IdentityProvider } from '../../bindings.ts'

/** A provider as oauth4webapi wants it: endpoints are data, so GitHub Enterprise and test servers need no code. */
export function authorizationServer(provider: IdentityProvider): oauth.AuthorizationServer {
  return {
    issuer: provider.issuer,
    authorization_endpoint: provider.authorizeUrl,
    token_endpoint: provider.tokenUrl,
    ...(provider.jwksUrl !== undefined && { jwks_uri: provider.jwksUrl }),
  }
}

export const clientOf = (provider: IdentityProvider): oauth.Client => ({ client_id: provider.clientId })

const SCOPES = { github: 'read:user user:email', oidc: 'openid email profile' }
const TIMEOUT_MS = 10_000

/** Time limit for every call; plain http only where configuration allowed it (bindings.ts: loopback, not in production). */
export const requestOptions = (provider: IdentityProvider) => ({
  signal: AbortSignal.timeout(TIMEOUT_MS),
  [oauth.allowInsecureRequests]: new URL(provider.tokenUrl).protocol === 'http:',
})

/** Where the browser is sent. PKCE is RFC 7636, S256. */
export async function authorizeUrl(
  provider: IdentityProvider,
  attempt: { redirectUri: string; state: string; nonce: string; codeVerifier: string },
): Promise<string> {
  const url = new URL(provider.authorizeUrl)
  url.searchParams.set('client_id', provider.clientId)
  url.searchParams.set('redirect_uri', attempt.redirectUri)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('scope', SCOPES[provider.kind])
  url.searchParams.set('state', attempt.state)
  url.searchParams.set('code_challenge', await oauth.calculatePKCECodeChallenge(attempt.codeVerifier))
  url.searchParams.set('code_challenge_method', 'S256')
  if (provider.kind === 'oidc') url.searchParams.set('nonce', attempt.nonce)
  return url.href
}
