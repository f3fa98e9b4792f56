import { isAddress, type Sender } from '../../../shared/domain/mail.ts'
import { AppError } from '../../../shared/errors.ts'
import { secret } from '../crypto/secret.ts'
import { cloudflareDriver } from './cloudflare.ts'
import type { Driver } from './contract.ts'
import { localDriver } from './local.ts'
import { resendDriver } from './resend.ts'

/** What says how mails leave. */
export interface MailEnv {
  /** `none`, `cloudflare`, `resend` or `local`. */
  MAIL_DRIVER: string
  /** `Name <address>`, or an address. */
  MAIL_FROM: string
  RESEND_URL: string
  RESEND_API_KEY?: string
  /** The platform's binding, where the operator has added it. */
  EMAIL?: SendEmail
  /** The mailbox of `npm start`. Nowhere else. */
  MAILBOX?: Fetcher
}

export interface MailSetup {
  driver: Driver
  from: Sender
}

const RESEND = 'https://api.resend.com'

const refuse = (name: string, why: string): never => {
  throw new AppError('internal', `${name} ${why}. Candor does not start without it: see docs/self-hosting.md.`)
}

/** `Name <address>`, or an address alone. */
function parseSender(text: string): Sender {
  const [, name = 'Candor', address = text] = /^([^<>"\\,;:@\p{C}]{1,64}) <([^<>]+)>$/u.exec(text) ?? []
  if (!isAddress(address)) refuse('MAIL_FROM', 'has to be an address, or like "Candor <candor@example.com>"')
  return { name, address }
}

function parseUrl(text: string, production: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : refuse('RESEND_URL', 'is not a URL')
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && (production || !loopback)) refuse('RESEND_URL', 'has to begin with https://')
  return url.origin
}

function parseApiKey(text: string | undefined): string {
  if (!text) return refuse('RESEND_API_KEY', 'is missing')
  if (!/^[\x21-\x7e]{16,200}$/.test(text)) return refuse('RESEND_API_KEY', 'is not a key')
  if (new Set(text).size < 8) return refuse('RESEND_API_KEY', 'is a placeholder')
  return text
}

function driverOf(env: MailEnv, production: boolean): Driver | null {
  const { MAIL_DRIVER: driver, EMAIL: binding, MAILBOX: mailbox } = env
  // What it keeps is shown to whoever asks: it is for a person who tries Candor alone.
  if (production && (mailbox || driver === 'local')) return refuse('MAIL_DRIVER', 'may be "local" only under npm start')
  if (driver === 'none') return null
  if (driver === 'cloudflare')
    return binding ? cloudflareDriver(binding) : refuse('MAIL_DRIVER', 'is "cloudflare", and there is no binding EMAIL')
  if (driver === 'local')
    return mailbox ? localDriver(mailbox) : refuse('MAIL_DRIVER', 'may be "local" only under npm start')
  if (driver !== 'resend') return refuse('MAIL_DRIVER', 'has to be "none", "cloudflare", "resend" or "local"')
  const url = parseUrl(env.RESEND_URL || RESEND, production)
  return resendDriver({ url, apiKey: secret(parseApiKey(env.RESEND_API_KEY)) })
}

/** How mails leave; null when they do not. Throws `internal`, naming what is missing or wrong, and never its value. */
export function parseMail(env: MailEnv, production: boolean): MailSetup | null {
  const driver = driverOf(env, production)
  return driver && { driver, from: parseSender(env.MAIL_FROM ?? '') }
}
