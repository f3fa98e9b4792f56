import { Provider } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { accountBy, accountsPage } from './accounts.ts'

const SESSION_COOKIE = '_local_session'

interface Client {
  id: string
  secret: string
  redirectUri: string
}

/** A real OpenID provider, for people of this machine. Everything but the way to pick an account is the library's. */
export function openIdProvider(
  issuer: string,
  client: Client,
  keys: { cookieKey: string; signingKey: Record<string, unknown> },
) {
  const provider = new Provider(issuer, {
    // The library's own default, given by name: what is left to default, it warns of on the terminal.
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'RS256',
      },
    ],
    jwks: { keys: [keys.signingKey] },
    // Not signed: the account is put into the request's own cookie below, and nothing here is worth forging.
    cookies: {
      keys: [keys.cookieKey],
      names: { session: SESSION_COOKIE },
      long: { signed: false },
      short: { signed: false },
    },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    extraParams: ['account'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => '/' },
    renderError: (ctx: Koa, { error, error_description: description }: Record<string, string>) => {
      ctx.type = 'text/plain'
      ctx.body = `${error}: ${description ?? 'the request is not complete'}\n`
    },
    ttl: { AccessToken: 600, AuthorizationCode: 600, IdToken: 600, Session: 600, Grant: 600, Interaction: 600 },
    findAccount: (_ctx: unknown, sub: string) => {
      const account = accountBy(sub.replace(/^local-/, ''))
      return (
        account && {
          accountId: sub,
          claims: () => ({ sub, name: account.name, email: account.email, email_verified: account.emailVerified }),
        }
      )
    },
    // People of this machine have agreed to everything their own Candor asks.
    loadExistingGrant: async (ctx: KoaOidc) => {
      const grant = new provider.Grant({ clientId: client.id, accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  } as never)

  provider.use(async (ctx: Koa, next: () => Promise<void>) => {
    if (ctx.path !== '/auth' || ctx.method !== 'GET') return next()
    const query = new URLSearchParams(ctx.querystring)
    const wanted = query.get('account')
    if (wanted === null) {
      ctx.type = 'html'
      // As the browser asked: Koa's own idea of it lacks the path under which all this is mounted.
      ctx.body = accountsPage('Google', new URL(ctx.req.originalUrl, issuer))
      return
    }
    if (!accountBy(wanted)) {
      ctx.status = 400
      ctx.body = `There is no account "${wanted.slice(0, 64)}" here.\n`
      return
    }
    const session = new provider.Session()
    session.loginAccount({ accountId: `local-${wanted}`, amr: ['local'] })
    await session.save(600)
    ctx.req.headers.cookie = `${SESSION_COOKIE}=${session.jti}`
    // Whoever picked an account has been asked: there is nothing more to consent to.
    query.delete('prompt')
    ctx.querystring = query.toString()
    await next()
  })
  return provider.callback()
}

// oidc-provider ships no types; this is what is used of its Koa context.
interface Koa {
  path: string
  method: string
  querystring: string
  type: string
  body: unknown
  status: number
  req: { originalUrl: string; headers: Record<string, string | undefined> }
}
interface KoaOidc extends Koa {
  oidc: { session: { accountId: string } }
}
