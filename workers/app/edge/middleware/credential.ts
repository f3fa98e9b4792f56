import type { Context as HonoContext } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../../../../shared/errors.ts'
import { asWorkspaceId } from '../../../../shared/ids.ts'
import { configOf } from '../../bindings.ts'
import { readSessionToken } from '../../crypto/session-token.ts'
import { readApiKey } from '../../crypto/token.ts'
import type { Credential } from '../../services/context.ts'
import type { Edge } from '../context.ts'
import { countAddress } from '../rate-limit/count.ts'
import { clientOf } from '../run.ts'

export const SESSION_COOKIE = '__Host-candor'
const SESSION_SECONDS = 30 * 86_400

/** Gives a browser its session. */
export const setSessionCookie = (c: HonoContext<Edge>, token: string): void =>
  setCookie(c, SESSION_COOKIE, token, {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: SESSION_SECONDS,
  })

const REFUSED = {
  malformed: 'This is not an API key of ours. Send `Authorization: Bearer` and the key.',
  forged: 'This is not an API key of ours. Send `Authorization: Bearer` and the key.',
  expired: 'This API key has expired. Make a new one in the dashboard.',
}

/**
 * Reads what came with the request, without I/O: a key's shape, checksum, MAC and expiry; a session cookie's MAC. What does
 * not verify is counted by its address, once that is known: whoever shares the address and has a good one gets in.
 */
export const credential = createMiddleware<Edge>(async (c, next) => {
  const authorization = c.req.header('authorization')
  c.set('credential', authorization === undefined ? await fromCookie(c) : await fromHeader(c, authorization))
  await next()
})

type Context = Parameters<typeof credential>[0]

async function fromHeader(c: Context, authorization: string): Promise<Credential> {
  const [scheme, token = '', ...more] = authorization.split(' ')
  const key =
    scheme?.toLowerCase() === 'bearer' && more.length === 0
      ? await readApiKey(configOf(c.env).apiKeyRing, token, Date.now())
      : { ok: false as const, reason: 'malformed' as const }
  if (!key.ok) {
    await countAddress(c, 'refused')
    throw new AppError('unauthorized', REFUSED[key.reason])
  }
  const { workspaceId, keyId, hash, scope } = key
  return { type: 'api_key', workspaceId, keyId, hash, scope, address: clientOf(c).ip }
}

async function fromCookie(c: Context): Promise<Credential | null> {
  const cookie = getCookie(c, SESSION_COOKIE)
  if (cookie === undefined) return null
  const session = await readSessionToken(configOf(c.env).signInKey, cookie)
  const workspaceId = session && asWorkspaceId(session.workspaceId)
  if (workspaceId) return { type: 'session', workspaceId, hash: session.hash }
  await countAddress(c, 'refused')
  return null
}
