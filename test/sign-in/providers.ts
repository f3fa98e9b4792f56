import { env } from 'cloudflare:workers'
import { encodeBase64urlNoPadding } from '@oslojs/encoding'
import { vi } from 'vitest'
import type { IdentityProvider } from '../../workers/app/bindings.ts'

/** Somebody as a provider knows them. */
export interface Somebody {
  subject: string
  name: string
  email: string
  verified?: boolean
}

let people = 0
/** Somebody that no provider has named before. */
export function somebody(fields: Partial<Somebody> = {}): Somebody {
  people++
  return { subject: String(1000 + people), name: `Person ${people}`, email: `person-${people}@example.test`, ...fields }
}

interface Grant {
  who: Somebody
  nonce: string | null
  challenge: string
  redirectUri: string
}
export type Json = Record<string, unknown>

/** How a provider of the tests may misbehave. What is left out is as it should be. */
export interface Misbehaviour {
  claims?: (claims: Json) => Json
  header?: (header: Json) => Json
  /** Signs the token in its own way: base64url. */
  sign?: (input: string) => Promise<string>
  /** The token endpoint's whole answer. */
  token?: (right: Json) => Response | Promise<Response>
  jwks?: (right: Json) => Response
  user?: (right: Json) => Response
  emails?: (right: Json[]) => Response
  /** Codes may be redeemed more than once. */
  reusableCodes?: boolean
}

const RS256 = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}
export const newKeys = async () => (await crypto.subtle.generateKey(RS256, true, ['sign', 'verify'])) as CryptoKeyPair
const keys = newKeys()

const text = (value: string) => new TextEncoder().encode(value)
export const base64url = (value: unknown) => encodeBase64urlNoPadding(text(JSON.stringify(value)))
export async function signWith({ privateKey }: CryptoKeyPair, input: string): Promise<string> {
  return encodeBase64urlNoPadding(new Uint8Array(await crypto.subtle.sign(RS256.name, privateKey, text(input))))
}

export function configured(id: string): IdentityProvider {
  const all: IdentityProvider[] = JSON.parse(env.IDENTITY_PROVIDERS)
  const provider = all.find((one) => one.id === id)
  if (!provider) throw new Error(`There is no provider ${id}.`)
  return provider
}

/** Both providers, with real signatures, behind `fetch`. They check what real ones check: client, code, verifier. */
export function startProviders() {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, Somebody>()
  const asked: Request[] = []
  let wrong: Misbehaviour = {}

  async function idToken({ who, nonce }: Grant): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const { subject: sub, name, email, verified: email_verified = true } = who
    const right = {
      iss: 'https://accounts.test',
      aud: 'client',
      sub,
      name,
      email,
      email_verified,
      nonce,
      iat: now,
      exp: now + 300,
    }
    const header = { alg: 'RS256', kid: 'key-1' }
    const input = `${base64url(wrong.header?.(header) ?? header)}.${base64url(wrong.claims?.(right) ?? right)}`
    return `${input}.${await (wrong.sign?.(input) ?? signWith(await keys, input))}`
  }

  async function redeem(request: Request, provider: IdentityProvider): Promise<Response> {
    const form = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()))
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    if (!wrong.reusableCodes) grants.delete(code)
    const verifier = new Uint8Array(await crypto.subtle.digest('SHA-256', text(form.get('code_verifier') ?? '')))
    const known = form.get('client_id') === provider.clientId && form.get('client_secret') === provider.clientSecret
    const right =
      known && grant?.redirectUri === form.get('redirect_uri') && grant.challenge === encodeBase64urlNoPadding(verifier)
    if (!grant || !right) {
      // GitHub answers 200 with an error in it.
      const status = provider.kind === 'github' ? 200 : 400
      return Response.json(
        { error: provider.kind === 'github' ? 'bad_verification_code' : 'invalid_grant' },
        { status },
      )
    }
    const accessToken = crypto.randomUUID()
    tokens.set(accessToken, grant.who)
    const answer: Json = { access_token: accessToken, token_type: 'bearer', scope: '' }
    if (provider.kind === 'oidc') answer.id_token = await idToken(grant)
    return (await wrong.token?.(answer)) ?? Response.json(answer)
  }

  async function jwks(): Promise<Response> {
    const { publicKey } = await keys
    const jwk = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey
    const right = { keys: [{ kty: jwk.kty, n: jwk.n, e: jwk.e, kid: 'key-1', alg: 'RS256', use: 'sig' }] }
    return wrong.jwks?.(right) ?? Response.json(right)
  }

  function gitHubApi(request: Request, path: string): Response {
    const who = tokens.get(request.headers.get('authorization')?.replace(/^bearer /i, '') ?? '')
    if (!who || !request.headers.get('user-agent'))
      return Response.json({ message: 'Bad credentials' }, { status: 401 })
    const user = { id: Number(who.subject), login: who.name.toLowerCase().replace(' ', '-'), name: who.name }
    if (path === '/user') return wrong.user?.(user) ?? Response.json(user)
    const emails = [
      { email: `old-${who.email}`, primary: false, verified: true },
      { email: who.email, primary: true, verified: who.verified ?? true },
    ]
    return wrong.emails?.(emails) ?? Response.json(emails)
  }

  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init)
    asked.push(request.clone())
    const { origin, pathname } = new URL(request.url)
    if (origin + pathname === 'https://github.test/login/oauth/access_token')
      return redeem(request, configured('github'))
    if (origin + pathname === 'https://accounts.test/token') return redeem(request, configured('google'))
    if (origin + pathname === 'https://accounts.test/jwks') return jwks()
    if (origin === 'https://api.github.test') return gitHubApi(request, pathname)
    return new Response(null, { status: 404 })
  })

  return {
    asked,
    misbehave: (how: Misbehaviour) => {
      wrong = how
    },
    accessTokens: () => [...tokens.keys()],
    /** What the provider does when somebody consents: the address that the browser is sent back to. */
    consent(authorize: URL, who: Somebody): URL {
      const query = authorize.searchParams
      const code = crypto.randomUUID()
      const redirectUri = query.get('redirect_uri') ?? ''
      grants.set(code, { who, nonce: query.get('nonce'), challenge: query.get('code_challenge') ?? '', redirectUri })
      const back = new URL(redirectUri)
      back.search = new URLSearchParams({ code, state: query.get('state') ?? '' }).toString()
      return back
    },
  }
}

export type Providers = ReturnType<typeof startProviders>
