import { z } from 'zod'
import { PLANS, type Plan } from '../../shared/contracts/common.ts'
import { parseHostList } from '../../shared/domain/address.ts'
import type { RateLimitBinding } from '../../shared/domain/rate-limits.ts'
import { AppError } from '../../shared/errors.ts'
import type { Account } from './account/account.ts'
import { type AuditKeyring, parseAuditKeyring } from './crypto/audit-key.ts'
import { type Checkpointer, makeCheckpointer } from './crypto/checkpointer.ts'
import { type ApiKeyRing, type Keyring, parseApiKeyRing, parseKey32, parseKeyring } from './crypto/keyring.ts'
import { parseScannerKeys, type ScannerKeys } from './crypto/scanner-keys.ts'
import { cosignerOf, type Witness } from './crypto/witness.ts'
import type { DeploymentLog } from './deployment-log/deployment-log.ts'
import { type MailEnv, type MailSetup, parseMail } from './mail/config.ts'
import type { Monitoring } from './monitoring/scheduler.ts'
import type { OutboxMessage } from './workspace/outbox.ts'
import type { Workspace } from './workspace/workspace.ts'

/** What wrangler.toml binds, and the secrets. */
export interface Env extends MailEnv, Record<RateLimitBinding, RateLimit> {
  DB: D1Database
  ASSETS: Fetcher
  WORKSPACE: DurableObjectNamespace<Workspace>
  ACCOUNT: DurableObjectNamespace<Account>
  MONITORING: DurableObjectNamespace<Monitoring>
  DEPLOYMENT_LOG: DurableObjectNamespace<DeploymentLog>
  OUTBOX: Queue<OutboxMessage>
  PROBE_LOCAL: Fetcher
  DEPLOYMENT: string
  PUBLIC_URL: string
  STATUS_URL: string
  JURISDICTION: string
  DEFAULT_PLAN: string
  ALLOW_PRIVATE_TARGETS: string
  SECURITY_CONTACT: string
  WITNESS_URL: string
  WITNESS_VKEY: string
  CANDOR_KEYRING: string
  API_KEY_RING: string
  AUDIT_KEYRING: string
  SIGN_IN_KEY: string
  IDENTITY_PROVIDERS: string
  /** Absent: there is no operator's surface. */
  OPERATOR_KEY?: string
  /** Absent or empty: nobody reports keys that were found in public. */
  SECRET_SCANNING_KEYS?: string
  /** One machine only: what the limits of wrangler.toml are multiplied by. */
  RATE_LIMIT_TIMES?: string
}

const ENDPOINTS = ['authorizeUrl', 'tokenUrl', 'jwksUrl', 'userUrl', 'emailsUrl'] as const

const ProviderFields = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  kind: z.enum(['github', 'oidc']),
  name: z.string().min(1).max(64),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  issuer: z.string().min(1),
  authorizeUrl: z.url().optional(),
  tokenUrl: z.url().optional(),
  jwksUrl: z.url().optional(),
  userUrl: z.url().optional(),
  emailsUrl: z.url().optional(),
})
export type IdentityProvider = z.infer<typeof ProviderFields>

/** What a kind needs besides its fields: GitHub has no discovery document; of OpenID Connect all endpoints, or none. */
function missingOf({ kind, ...fields }: IdentityProvider): string[] {
  if (kind === 'github') return ENDPOINTS.filter((name) => name !== 'jwksUrl' && fields[name] === undefined)
  const needed = ['authorizeUrl', 'tokenUrl', 'jwksUrl'] as const
  const missing = needed.filter((name) => fields[name] === undefined)
  const isDiscovered = missing.length === needed.length && URL.canParse(fields.issuer)
  return isDiscovered ? [] : missing
}

const Provider = ProviderFields.superRefine((fields, context) => {
  for (const name of missingOf(fields)) context.addIssue({ code: 'custom', path: [name], message: 'is missing' })
})

export interface Config {
  production: boolean
  publicUrl: string
  statusUrl: string
  defaultPlan: Plan
  allowPrivate: string[]
  ownHosts: string[]
  securityContact: string
  keyring: Keyring
  apiKeyRing: ApiKeyRing
  auditKeyring: AuditKeyring
  checkpointer: Checkpointer
  /** Who follows the deployment log, if anybody. */
  witness: Witness | null
  signInKey: Uint8Array
  providers: IdentityProvider[]
  /** How mails leave; null when they do not. */
  mail: MailSetup | null
  operatorKey: Uint8Array | null
  /** Who may report keys that were found in public; null: nobody. */
  scannerKeys: ScannerKeys | null
  /** What the limits of the register are multiplied by. */
  rateLimitTimes: number
}

/** Whether anybody can be written to. Pages that would mail say so when not. */
export const canMail = ({ mail }: Config): boolean => mail !== null

const refuse = (name: string, why: string): never => {
  throw new AppError('internal', `${name} ${why}. Candor does not start without it: see docs/self-hosting.md.`)
}

/** An address that nobody else's machine can reach. */
export const isLoopback = ({ hostname }: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

/** Plain http stays on the machine, and is nothing for production. */
export const isSafe = (url: URL, production: boolean): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && !production && isLoopback(url))

function origin(name: string, value: string, production: boolean): string {
  const url = URL.canParse(value) ? new URL(value) : refuse(name, 'is missing or is not a URL')
  if (!isSafe(url, production)) refuse(name, 'has to begin with https://')
  return url.origin
}

function checkAddresses(provider: IdentityProvider, production: boolean): void {
  for (const name of ENDPOINTS) {
    const url = provider[name]
    if (url !== undefined) origin('IDENTITY_PROVIDERS', url, production)
  }
  // Where the document is asked for that says the rest.
  if (provider.tokenUrl === undefined) origin('IDENTITY_PROVIDERS', provider.issuer, production)
}

function providers(json: string, production: boolean): IdentityProvider[] {
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch {
    refuse('IDENTITY_PROVIDERS', 'is missing or is not JSON')
  }
  const parsed = z.array(Provider).min(1).safeParse(raw)
  if (!parsed.success)
    return refuse('IDENTITY_PROVIDERS', `is not complete (${parsed.error.issues[0]?.path.join('.')})`)
  for (const provider of parsed.data) checkAddresses(provider, production)
  const ids = parsed.data.map(({ id }) => id)
  if (new Set(ids).size < ids.length) refuse('IDENTITY_PROVIDERS', 'has an id twice')
  return parsed.data
}

/** Both settings, or neither: a witness whose answers cannot be verified is none. */
function witnessOf({ WITNESS_URL, WITNESS_VKEY }: Env, production: boolean): Witness | null {
  if (!WITNESS_URL && !WITNESS_VKEY) return null
  origin('WITNESS_URL', WITNESS_URL, production)
  const { href, username, password, search, hash } = new URL(WITNESS_URL)
  if (username || password || search || hash) refuse('WITNESS_URL', 'has to be a plain address')
  const cosigner = cosignerOf(WITNESS_VKEY) ?? refuse('WITNESS_VKEY', 'is missing or is no Ed25519 key of a cosigner')
  return { ...cosigner, url: href.replace(/\/$/, ''), vkey: WITNESS_VKEY }
}

const cache = new WeakMap<Env, Config>()

/** The checked configuration. Throws `internal`, naming what is missing, too short or a placeholder. */
export function configOf(env: Env): Config {
  const known = cache.get(env)
  if (known) return known
  const production = env.DEPLOYMENT !== 'local'
  if (production && !['eu', 'none'].includes(env.JURISDICTION)) refuse('JURISDICTION', 'has to be "eu" or "none"')
  const publicUrl = origin('PUBLIC_URL', env.PUBLIC_URL, production)
  const statusUrl = origin('STATUS_URL', env.STATUS_URL || env.PUBLIC_URL, production)
  // Cookies do not tell ports apart, so another port is not another host.
  if (production && new URL(statusUrl).hostname === new URL(publicUrl).hostname)
    refuse('STATUS_URL', 'has to be another hostname than PUBLIC_URL')
  const auditKeyring = parseAuditKeyring(env.AUDIT_KEYRING)
  const config: Config = {
    production,
    publicUrl,
    statusUrl,
    defaultPlan: PLANS.find((plan) => plan === env.DEFAULT_PLAN) ?? refuse('DEFAULT_PLAN', 'has to be "free" or "pro"'),
    allowPrivate: parseHostList(env.ALLOW_PRIVATE_TARGETS),
    ownHosts: [new URL(publicUrl).host, new URL(statusUrl).host],
    securityContact: /^(mailto:|https:\/\/)\S+$/.test(env.SECURITY_CONTACT)
      ? env.SECURITY_CONTACT
      : refuse('SECURITY_CONTACT', 'has to be a mailto: or https: address'),
    keyring: parseKeyring(env.CANDOR_KEYRING),
    apiKeyRing: parseApiKeyRing(env.API_KEY_RING),
    auditKeyring,
    checkpointer: makeCheckpointer(new URL(publicUrl).host, auditKeyring),
    witness: witnessOf(env, production),
    signInKey: parseKey32('SIGN_IN_KEY', env.SIGN_IN_KEY),
    providers: providers(env.IDENTITY_PROVIDERS, production),
    mail: parseMail(env, production),
    scannerKeys: env.SECRET_SCANNING_KEYS ? parseScannerKeys(env.SECRET_SCANNING_KEYS) : null,
    operatorKey: env.OPERATOR_KEY ? parseKey32('OPERATOR_KEY', env.OPERATOR_KEY) : null,
    rateLimitTimes: production ? 1 : Number(env.RATE_LIMIT_TIMES || 1),
  }
  cache.set(env, config)
  return config
}

/**
 * The object of a name, in the jurisdiction that is configured. Local workerd has no jurisdictions, so only a
 * deployment says one; on the platform it is part of the object's id and cannot be changed without moving the data.
 */
export function objectOf<T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<T>,
  env: Pick<Env, 'JURISDICTION'>,
  name: string,
): DurableObjectStub<T> {
  const scoped = env.JURISDICTION === 'eu' ? namespace.jurisdiction('eu') : namespace
  return scoped.get(scoped.idFromName(name))
}

/** The one object that writes the deployment's own log. */
export const deploymentLog = (env: Pick<Env, 'JURISDICTION' | 'DEPLOYMENT_LOG'>): DurableObjectStub<DeploymentLog> =>
  objectOf(env.DEPLOYMENT_LOG, env, 'deployment')
