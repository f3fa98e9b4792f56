import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { normaliseEmail } from '../../../../shared/domain/email.ts'
import type { Identity } from '../../account/request.ts'
import type { IdentityProvider } from '../../bindings.ts'
import { requestOptions, type Server } from './discovery.ts'
import { clientOf } from './provider.ts'

export interface Attempt {
  state: string
  nonce: string
  codeVerifier: string
  redirectUri: string
}

const GitHubUser = z.object({ id: z.int().positive(), login: z.string().min(1), name: z.string().nullish() })
const GitHubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/**
 * Redeems the code of a callback. Throws when the provider, the state, the verifier, the nonce or the id_token's
 * signature is not what this attempt began with.
 */
export async function fetchProfile(
  provider: IdentityProvider,
  as: Server,
  callback: URL,
  attempt: Attempt,
): Promise<Identity> {
  const client = clientOf(provider)
  const parameters = oauth.validateAuthResponse(as, client, callback, attempt.state)
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.ClientSecretPost(provider.clientSecret),
    parameters,
    attempt.redirectUri,
    attempt.codeVerifier,
    { ...requestOptions(as.token_endpoint), headers: { accept: 'application/json' } },
  )
  return provider.kind === 'github'
    ? githubProfile(provider, await oauth.processAuthorizationCodeResponse(as, client, response))
    : oidcProfile(provider, as, response, attempt.nonce)
}

const MAX_NAME = 100

/** A name that cannot change how a page reads; or what stands in for one. */
const nameOf = (...said: unknown[]): string =>
  said
    .map((one) => (typeof one === 'string' ? one : ''))
    .map((one) => one.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '').trim())
    .find((one) => one !== '')
    ?.slice(0, MAX_NAME) ?? 'Somebody'

async function oidcProfile(
  provider: IdentityProvider,
  as: Server,
  response: Response,
  nonce: string,
): Promise<Identity> {
  const tokens = await oauth.processAuthorizationCodeResponse(as, clientOf(provider), response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  // Without this an id_token with any signature passes: the library trusts the TLS connection it came over.
  await oauth.validateApplicationLevelSignature(as, response, requestOptions(as.jwks_uri ?? ''))
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  if (!claims) throw new Error('The provider sent no id_token.')
  // Left to the caller by the library (OpenID Connect Core 3.1.3.7, 5): whom the token was made for, whatever its audience.
  if (claims.azp !== undefined && claims.azp !== provider.clientId)
    throw new Error('The id_token is for another client.')
  if (claims.sub === '') throw new Error('The id_token names nobody.')
  const email = claims.email_verified === true && typeof claims.email === 'string' ? claims.email : null
  return {
    issuer: provider.issuer,
    subject: claims.sub,
    name: nameOf(claims.name, email),
    email: email === null ? null : normaliseEmail(email),
  }
}

async function githubProfile(provider: IdentityProvider, tokens: oauth.TokenEndpointResponse): Promise<Identity> {
  const ask = async (url = '') => {
    const response = await oauth.protectedResourceRequest(
      tokens.access_token,
      'GET',
      new URL(url),
      new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'Candor' }),
      null,
      requestOptions(url),
    )
    if (!response.ok) throw new Error(`The provider answered ${response.status}.`)
    return response.json()
  }
  const user = GitHubUser.parse(await ask(provider.userUrl))
  const emails = GitHubEmails.parse(await ask(provider.emailsUrl))
  const primary = emails.find((entry) => entry.primary && entry.verified)
  return {
    issuer: provider.issuer,
    // The numeric id: a login can be given up and taken by somebody else.
    subject: String(user.id),
    name: nameOf(user.name, user.login),
    email: primary ? normaliseEmail(primary.email) : null,
  }
}
