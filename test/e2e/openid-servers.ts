import { createPrivateKey, type JsonWebKey, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Events, OAuth2Server } from 'oauth2-mock-server'
import { type ProviderConfig, startIdentityProvider } from '../../scripts/lib/identity-provider.ts'
import { newSigningKey } from '../../scripts/lib/secrets.ts'
import { freePort } from '../node/free-port.ts'

export type Json = Record<string, unknown>

/** What is changed in a server's answer on its way to Candor. What is left out stays as the server made it. */
export interface Change {
  claims?: (right: Json) => Json
  header?: (right: Json) => Json
  /** In place of a signature by the server's own key: base64url. */
  signature?: string
  /** The token endpoint's whole answer, with 200. */
  body?: (right: Json) => Json
  /** Of the request: a verifier that Candor did not send. */
  verifier?: string
  /** The answer of before, as a server would give it that redeems a code twice. */
  repeat?: boolean
}

interface Upstream {
  tokenUrl: string
  signingKey: () => JsonWebKey
}

const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part = ''): Json => JSON.parse(Buffer.from(part, 'base64url').toString())

/** The same token with other contents, signed with the very key that the server publishes. */
function reissue(token: string, key: JsonWebKey, { claims, header, signature }: Change): string {
  if (!claims && !header && signature === undefined) return token
  const [head, payload] = token.split('.')
  const input = `${encode((header ?? ((same) => same))(decode(head)))}.${encode((claims ?? ((same) => same))(decode(payload)))}`
  const own = () =>
    sign('RSA-SHA256', Buffer.from(input), createPrivateKey({ key, format: 'jwk' })).toString('base64url')
  return `${input}.${signature ?? own()}`
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const part of request) text += part
  return new URLSearchParams(text)
}

/** Between Candor and the token endpoints of real servers: what a server itself would never answer is put in here. */
async function startRelay(upstreams: Record<string, Upstream>) {
  const port = await freePort()
  let change: Change = {}
  let last: { status: number; text: string } | null = null

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upstream = upstreams[request.url?.slice(1) ?? '']
    if (!upstream) return void response.writeHead(404).end()
    const form = await bodyOf(request)
    if (change.verifier) form.set('code_verifier', change.verifier)
    if (!change.repeat || !last) last = await redeem(upstream, form)
    response.writeHead(last.status, { 'content-type': 'application/json' }).end(last.text)
  }

  async function redeem({ tokenUrl, signingKey }: Upstream, body: URLSearchParams) {
    const answered = await fetch(tokenUrl, { method: 'POST', body })
    const right = (await answered.json()) as Json
    if (typeof right.id_token === 'string') right.id_token = reissue(right.id_token, signingKey(), change)
    return { status: answered.status, text: JSON.stringify(change.body?.(right) ?? right) }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    urlOf: (id: string) => `http://localhost:${port}/${id}`,
    set: (next: Change) => {
      change = next
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** oauth2-mock-server, which names whoever `who` says. */
async function startMock(clientId: string, who: () => Json) {
  const server = new OAuth2Server()
  const port = await freePort()
  await server.issuer.keys.generate('RS256')
  await server.start(port, '127.0.0.1')
  const issuer = `http://localhost:${port}`
  server.issuer.url = issuer
  server.service.on(Events.BeforeTokenSigning, (token: { payload: Json }) => {
    Object.assign(token.payload, { aud: clientId, ...who() })
  })
  const signingKey = () => server.issuer.keys.toJSON(true)[0] as JsonWebKey
  let discovery = (right: Json): Json => right
  server.service.on(Events.BeforeWellKnownOpenIdConfiguration, (response: { body: Json }) => {
    response.body = discovery(response.body)
  })
  const addresses = { authorizeUrl: `${issuer}/authorize`, tokenUrl: `${issuer}/token`, jwksUrl: `${issuer}/jwks` }
  return {
    issuer,
    ...addresses,
    signingKey,
    discovery: (change: (right: Json) => Json) => {
      discovery = change
    },
    close: () => server.stop(),
  }
}

/** Two OpenID servers by different authors, both on loopback, as entries of IDENTITY_PROVIDERS. */
export async function startServers(publicUrl: string, mockPerson: () => Json) {
  const signingKey = newSigningKey()
  const secrets = {
    clientSecret: randomBytes(32).toString('base64'),
    cookieKey: randomBytes(32).toString('base64'),
    signingKey,
  }
  const local = await startIdentityProvider({ publicUrl, idpPort: await freePort() }, secrets)
  const google = local.providers.find(({ id }) => id === 'google') as ProviderConfig
  const mock = await startMock('candor-mock', mockPerson)
  const relay = await startRelay({
    google: { tokenUrl: google.tokenUrl, signingKey: () => signingKey as JsonWebKey },
    mock: { tokenUrl: mock.tokenUrl, signingKey: mock.signingKey },
  })
  const { issuer, authorizeUrl, jwksUrl } = mock
  const client = { clientId: 'candor-mock', clientSecret: randomBytes(32).toString('base64') }
  const providers: ProviderConfig[] = [
    { ...google, tokenUrl: relay.urlOf('google') },
    { id: 'mock', kind: 'oidc', name: 'Mock', ...client, issuer, authorizeUrl, jwksUrl, tokenUrl: relay.urlOf('mock') },
  ]
  // The same server once more, as one entry without addresses: they come from its own discovery document.
  providers.push({ id: 'discovered', kind: 'oidc', name: 'Discovered', ...client, issuer } as ProviderConfig)
  return {
    providers,
    discovery: mock.discovery,
    change: relay.set,
    close: async () => {
      relay.close()
      await Promise.all([local.close(), mock.close()])
    },
  }
}
