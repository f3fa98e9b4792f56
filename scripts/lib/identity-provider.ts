import { createServer } from 'node:http'
import { githubHandler } from './github.ts'
import { openIdProvider } from './openid.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

const CLIENT_ID = 'candor-local'

export interface ProviderConfig {
  id: string
  kind: 'github' | 'oidc'
  name: string
  clientId: string
  clientSecret: string
  issuer: string
  authorizeUrl: string
  tokenUrl: string
  userUrl?: string
  emailsUrl?: string
  jwksUrl?: string
}

/**
 * The identity provider of one machine, on loopback: three endpoints as GitHub has them, and a real OpenID server in
 * Google's place. The app knows them only as configuration, so a local sign-in runs through the code of every other.
 */
export async function startIdentityProvider(
  settings: Pick<Settings, 'publicUrl' | 'idpPort'>,
  secrets: Secrets['identityProvider'],
) {
  const origin = `http://localhost:${settings.idpPort}`
  const clientSecret = secrets.clientSecret
  const clientFor = (id: string) => ({
    id: CLIENT_ID,
    secret: clientSecret,
    redirectUri: `${new URL(settings.publicUrl).origin}/sign-in/${id}/callback`,
  })
  const github = githubHandler(clientFor('github'))
  const openid = openIdProvider(`${origin}/google`, clientFor('google'), secrets)

  const server = createServer((request, response) => {
    // A proxy's or a broken request line is no path of this server.
    if (!request.url?.startsWith('/') || !URL.canParse(request.url, origin)) return response.writeHead(400).end()
    const url = new URL(request.url, origin)
    const failed = () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    }
    if (url.pathname.startsWith('/github/')) void github(request, response, url).catch(failed)
    else if (url.pathname.startsWith('/google/')) {
      // Mounted: the library finds its own path from originalUrl.
      Object.assign(request, { originalUrl: request.url, url: request.url?.slice('/google'.length) })
      void openid(request, response).catch(failed)
    } else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.idpPort, '127.0.0.1', resolve)
  })

  return {
    providers: providersAt(origin, { clientId: CLIENT_ID, clientSecret }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What the app is told of them: IDENTITY_PROVIDERS (docs/self-hosting.md). */
function providersAt(origin: string, client: { clientId: string; clientSecret: string }): ProviderConfig[] {
  return [
    {
      id: 'github',
      kind: 'github',
      name: 'GitHub',
      ...client,
      issuer: `${origin}/github`,
      authorizeUrl: `${origin}/github/login/oauth/authorize`,
      tokenUrl: `${origin}/github/login/oauth/access_token`,
      userUrl: `${origin}/github/user`,
      emailsUrl: `${origin}/github/user/emails`,
    },
    {
      id: 'google',
      kind: 'oidc',
      name: 'Google',
      ...client,
      issuer: `${origin}/google`,
      authorizeUrl: `${origin}/google/auth`,
      tokenUrl: `${origin}/google/token`,
      jwksUrl: `${origin}/google/jwks`,
    },
  ]
}
