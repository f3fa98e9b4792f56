import { join } from 'node:path'
import { fail } from './fail.ts'

export const ROOT = join(import.meta.dirname, '..', '..')

export interface Settings {
  host: string
  port: number
  idpPort: number
  stateDir: string
  publicUrl: string
  statusUrl: string
  defaultPlan: string
  allowPrivateTargets: string
  dohUrl: string
  securityContact: string
  /** JSON; empty: the local identity provider is started. */
  identityProviders: string
}

function port(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    fail(`${name} has to be a port from 1 to 65535; it is "${text}".`)
  return value
}

/** What the environment says, with the defaults of one machine on loopback (docs/self-hosting.md). */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const main = port('PORT', env.PORT, 8787)
  const publicUrl = env.PUBLIC_URL || `http://localhost:${main}`
  if (!URL.canParse(publicUrl)) fail(`PUBLIC_URL has to be a URL; it is "${publicUrl}".`)
  const plan = env.DEFAULT_PLAN || 'pro'
  if (plan !== 'free' && plan !== 'pro') fail(`DEFAULT_PLAN has to be "free" or "pro"; it is "${plan}".`)
  return {
    host: env.HOST || '127.0.0.1',
    port: main,
    idpPort: port('IDP_PORT', env.IDP_PORT, main === 65_535 ? main - 1 : main + 1),
    stateDir: env.STATE_DIR || join(ROOT, '.candor'),
    publicUrl,
    statusUrl: env.STATUS_URL || publicUrl,
    defaultPlan: plan,
    allowPrivateTargets: env.ALLOW_PRIVATE_TARGETS ?? '',
    dohUrl: env.DOH_URL || 'https://cloudflare-dns.com/dns-query',
    securityContact: env.SECURITY_CONTACT || 'mailto:security@localhost.invalid',
    identityProviders: env.IDENTITY_PROVIDERS ?? '',
  }
}
