import * as oauth from 'oauth4webapi'
import { isSafe } from '../../bindings.ts'
import { boundedFetch } from './bounded-fetch.ts'

/** What a sign-in needs of a provider. */
export type Server = oauth.AuthorizationServer & { authorization_endpoint: string; token_endpoint: string }

/** Limits of size and time for every call; plain http only where configuration allowed it (bindings.ts: loopback, not in production). */
export const requestOptions = (address: string) => ({
  [oauth.customFetch]: boundedFetch,
  [oauth.allowInsecureRequests]: new URL(address).protocol === 'http:',
})

function endpoint(value: string | undefined, production: boolean): string {
  if (value === undefined || !URL.canParse(value) || !isSafe(new URL(value), production))
    throw new Error('The discovery document has no usable address.')
  return value
}

/** Of a document, the little that is used. What it says of algorithms is not: RS256 is all that is taken. */
function serverOf(document: oauth.AuthorizationServer, production: boolean): Server {
  const isNamed = document.authorization_response_iss_parameter_supported
  return {
    issuer: document.issuer,
    authorization_endpoint: endpoint(document.authorization_endpoint, production),
    token_endpoint: endpoint(document.token_endpoint, production),
    jwks_uri: endpoint(document.jwks_uri, production),
    ...(isNamed !== undefined && { authorization_response_iss_parameter_supported: isNamed }),
  }
}

const KEPT_MS = 3_600_000
const known = new Map<string, { server: Server; until: number }>()

/**
 * The endpoints of an issuer, by its discovery document (OpenID Connect Discovery 1.0), kept for an hour in this
 * isolate. The document has to name the very issuer that is configured, and no address that configuration could not.
 */
export async function discover(issuer: string, production: boolean): Promise<Server> {
  const kept = known.get(issuer)
  if (kept && kept.until > Date.now()) return kept.server
  const response = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oidc', ...requestOptions(issuer) })
  const document = await oauth.processDiscoveryResponse(new URL(issuer), response)
  // To the letter: the library takes an issuer with a slash more for the same.
  if (document.issuer !== issuer) throw new Error('The discovery document is of another issuer.')
  const server = serverOf(document, production)
  known.set(issuer, { server, until: Date.now() + KEPT_MS })
  return server
}
