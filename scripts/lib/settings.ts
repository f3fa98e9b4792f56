import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { parseHostList } from '../../shared/domain/address.ts'
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
  /** Who follows the deployment log; both empty: nobody. The Worker checks the key. */
  witnessUrl: string
  witnessVkey: string
  /** JSON; empty: nobody reports keys that were found in public. The Worker checks it. */
  secretScanningKeys: string
  /** JSON; empty: the local identity provider is started. */
  identityProviders: string
  mail: MailSettings
  /** What the rate limits of wrangler.toml are multiplied by. */
  rateLimitTimes: number
}

export interface MailSettings {
  driver: string
  from: string
  resendUrl: string
  resendApiKey: string
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

function port(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 65_535)
    fail(`${name} has to be a port from 1 to 65535; it is "${text}".`)
  return value
}

function times(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  return fail(`${name} has to be a number from 1 to 999999; it is "${text}".`)
}

function parseUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : fail(`${name} has to be a URL; it is "${text}".`)
  const encrypted = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname))
  if (!encrypted) fail(`${name} has to begin with https://, unless it is on this machine; it is "${text}".`)
  return url
}

export function origin(name: string, text: string): string {
  const url = parseUrl(name, text)
  if (text.replace(/\/$/, '') !== url.origin) fail(`${name} has to be like https://example.com; it is "${text}".`)
  return url.origin
}

function providers(text: string): string {
  if (text === '') return ''
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list) && list.length > 0) return text
  } catch {
    // Said below. Not with the text: it holds client secrets.
  }
  return fail('IDENTITY_PROVIDERS has to be a JSON array of identity providers (docs/self-hosting.md).')
}

function hostList(text: string): string {
  const wrong = parseHostList(text).find((entry) => !/^[^\s/@]+:\d{1,5}$/.test(entry))
  if (wrong !== undefined) fail(`ALLOW_PRIVATE_TARGETS has to be a list of host:port; "${wrong}" is not.`)
  return text
}

function witness({ WITNESS_URL: url = '', WITNESS_VKEY: vkey = '' }: NodeJS.ProcessEnv) {
  if ((url === '') !== (vkey === '')) fail('WITNESS_URL and WITNESS_VKEY go together: set both, or neither.')
  return { witnessUrl: url === '' ? '' : parseUrl('WITNESS_URL', url).href, witnessVkey: vkey }
}

/**
 * Whoever reaches the mailbox of this machine reads every mail, links that let somebody in among them. So it is there only
 * while one person tries Candor: on loopback, under its own name, with the made-up people of the local provider.
 */
const isTrial = (env: NodeJS.ProcessEnv, host: string, publicUrl: string) =>
  !env.IDENTITY_PROVIDERS && ['127.0.0.1', '::1'].includes(host) && LOOPBACK.includes(new URL(publicUrl).hostname)

/** The Worker checks the rest. */
function mail(env: NodeJS.ProcessEnv, trial: boolean): MailSettings {
  const driver = env.MAIL_DRIVER || (trial ? 'local' : 'none')
  if (!['none', 'resend', 'local'].includes(driver))
    fail(`MAIL_DRIVER has to be "none", "resend" or "local" on one machine; it is "${driver}".`)
  if (driver === 'local' && !trial)
    fail('MAIL_DRIVER may be "local" only on loopback, without PUBLIC_URL elsewhere and without IDENTITY_PROVIDERS.')
  return {
    driver,
    from: env.MAIL_FROM || (driver === 'local' ? 'Candor <candor@localhost.invalid>' : ''),
    resendUrl: env.RESEND_URL ? origin('RESEND_URL', env.RESEND_URL) : '',
    resendApiKey: env.RESEND_API_KEY ?? '',
  }
}

/** What the environment says, with the defaults of one machine on loopback (docs/self-hosting.md). */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const main = port('PORT', env.PORT, 8787)
  const idpPort = port('IDP_PORT', env.IDP_PORT, main === 65_535 ? main - 1 : main + 1)
  if (idpPort === main) fail(`PORT and IDP_PORT have to differ; both are ${main}.`)
  const host = env.HOST || '127.0.0.1'
  if (isIP(host) === 0) fail(`HOST has to be an IP address to listen on; it is "${host}".`)
  const publicUrl = origin('PUBLIC_URL', env.PUBLIC_URL || new URL(`http://localhost:${main}`).origin)
  const plan = env.DEFAULT_PLAN || 'pro'
  if (plan !== 'free' && plan !== 'pro') fail(`DEFAULT_PLAN has to be "free" or "pro"; it is "${plan}".`)
  const securityContact = env.SECURITY_CONTACT || 'mailto:security@localhost.invalid'
  if (!/^(mailto:|https:\/\/)\S+$/.test(securityContact))
    fail(`SECURITY_CONTACT has to be a mailto: or https: address; it is "${securityContact}".`)
  return {
    host,
    port: main,
    idpPort,
    stateDir: resolve(env.STATE_DIR || join(ROOT, '.candor')),
    publicUrl,
    statusUrl: env.STATUS_URL ? origin('STATUS_URL', env.STATUS_URL) : publicUrl,
    defaultPlan: plan,
    allowPrivateTargets: hostList(env.ALLOW_PRIVATE_TARGETS ?? ''),
    dohUrl: parseUrl('DOH_URL', env.DOH_URL || 'https://cloudflare-dns.com/dns-query').href,
    securityContact,
    ...witness(env),
    secretScanningKeys: env.SECRET_SCANNING_KEYS ?? '',
    identityProviders: providers(env.IDENTITY_PROVIDERS ?? ''),
    rateLimitTimes: times('RATE_LIMIT_TIMES', env.RATE_LIMIT_TIMES || '1'),
    mail: mail(env, isTrial(env, host, publicUrl)),
  }
}
