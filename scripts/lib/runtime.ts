import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptionsShape } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { MiniflareLog } from './log.ts'
import { makeMailbox } from './mailbox.ts'
import type { Secrets } from './secrets.ts'
import { ROOT, type Settings } from './settings.ts'

/** Read as wrangler reads it for a deploy, so that one machine and a deployment run under the same rules. */
function configured(config: string) {
  const all: V4WorkerOptionsShape = unstable_getMiniflareWorkerOptions(join(ROOT, config)).workerOptions
  // A built Worker needs no rules for modules; the assets have a Worker of their own.
  const { modulesRules: _rules, assets: _assets, ...options } = all
  return { ...options, rootPath: ROOT, modules: true as const, modulesRoot: ROOT }
}

/** Where this Candor itself answers: nobody has it check or call itself. */
function ownHosts({ port, idpPort, publicUrl, statusUrl }: Settings): string {
  const local = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [`${host}:${port}`, `${host}:${idpPort}`])
  return [...[publicUrl, statusUrl].map((url) => new URL(url).host), ...local].join(' ')
}

/** Variables and secrets of the app on one machine. */
export const appBindings = (settings: Settings, secrets: Secrets, identityProviders: string) => ({
  DEPLOYMENT: 'local',
  PUBLIC_URL: settings.publicUrl,
  STATUS_URL: settings.statusUrl,
  JURISDICTION: '',
  DEFAULT_PLAN: settings.defaultPlan,
  ALLOW_PRIVATE_TARGETS: settings.allowPrivateTargets,
  SECURITY_CONTACT: settings.securityContact,
  WITNESS_URL: settings.witnessUrl,
  WITNESS_VKEY: settings.witnessVkey,
  SECRET_SCANNING_KEYS: settings.secretScanningKeys,
  CANDOR_KEYRING: JSON.stringify(secrets.CANDOR_KEYRING),
  API_KEY_RING: JSON.stringify(secrets.API_KEY_RING),
  AUDIT_KEYRING: JSON.stringify(secrets.AUDIT_KEYRING),
  SIGN_IN_KEY: secrets.SIGN_IN_KEY,
  OPERATOR_KEY: secrets.OPERATOR_KEY,
  IDENTITY_PROVIDERS: identityProviders,
  MAIL_DRIVER: settings.mail.driver,
  MAIL_FROM: settings.mail.from,
  RESEND_URL: settings.mail.resendUrl,
  RESEND_API_KEY: settings.mail.resendApiKey,
  RATE_LIMIT_TIMES: String(settings.rateLimitTimes),
})

/** Variables of a probe. It has no secret. */
export const probeBindings = (settings: Settings) => ({
  REGION: 'local',
  DOH_URL: settings.dohUrl,
  OWN_HOSTS: ownHosts(settings),
  ALLOW_PRIVATE_TARGETS: settings.allowPrivateTargets,
})

/** A service in this process, for a trial only: no Worker that is shipped has it. */
const mailbox = ({ mail, stateDir }: Settings): Record<string, never> =>
  // Miniflare's requests and answers are those of the platform.
  mail.driver === 'local' ? { MAILBOX: makeMailbox(join(stateDir, 'mail')) as never } : {}

type Limiters = NonNullable<V4WorkerOptionsShape['ratelimits']>

/** Everybody who comes through one proxy has one address here, so whoever has many people may want more room. */
const widened = (limiters: Limiters = {}, { rateLimitTimes }: Settings): Limiters =>
  Object.fromEntries(
    Object.entries(limiters).map(([name, { simple, ...rest }]) => [
      name,
      { ...rest, simple: { ...simple, limit: simple.limit * rateLimitTimes } },
    ]),
  )

function appWorker(settings: Settings, secrets: Secrets, identityProviders: string) {
  const worker = configured('wrangler.toml')
  return {
    ...worker,
    ratelimits: widened(worker.ratelimits, settings),
    name: 'candor',
    scriptPath: join(ROOT, 'dist/app/main.js'),
    // Straight to the Worker: Miniflare's own entry would cost two thirds of the requests per second.
    unsafeDirectSockets: [{ host: settings.host, port: settings.port }],
    // Not wrangler.toml's id: filling that in for a deploy must not leave the local database behind.
    d1Databases: { DB: 'candor' },
    serviceBindings: { PROBE_LOCAL: 'candor-probe-local', ASSETS: 'candor-assets', ...mailbox(settings) },
    bindings: appBindings(settings, secrets, identityProviders),
  }
}

const probeWorker = (settings: Settings) => ({
  ...configured('workers/probe/wrangler.toml'),
  name: 'candor-probe-local',
  scriptPath: join(ROOT, 'dist/probe/main.js'),
  bindings: probeBindings(settings),
})

/** Static files by a Worker of their own: bound to the app, they would put a proxy before every request of it. */
const assetsWorker = () => ({
  name: 'candor-assets',
  modules: true as const,
  script: 'export default {}',
  assets: { directory: join(ROOT, 'static') },
})

/** The built Workers on Miniflare, the app on a socket of its own, past the development proxy. */
export function startRuntime(
  settings: Settings,
  secrets: Secrets,
  identityProviders: string,
  log: (line: string) => void,
): Miniflare {
  return new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      log: new MiniflareLog(log),
      cf: false,
      handleStructuredLogs: ({ level, message }: { level: string; message: string }) => log(`${level} ${message}`),
      resourcePersistencePath: join(settings.stateDir, 'data'),
      workers: [appWorker(settings, secrets, identityProviders), probeWorker(settings), assetsWorker()],
    }),
  )
}
