import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Miniflare, V4WorkerOptionsShape } from 'miniflare'
import { makeMailbox } from './mailbox.ts'
import type { Secrets } from './secrets.ts'
import { ROOT, type Settings } from './settings.ts'
import { workerOptions } from './worker-options.ts'

// Five megabytes without a `type` in its package.json: `import` would parse them an extra time, to see what they are.
const miniflare: typeof import('miniflare') = createRequire(import.meta.url)('miniflare')

/** Miniflare's own warnings and errors, as lines of a log. */
class MiniflareLog extends miniflare.Log {
  #write: (line: string) => void
  constructor(write: (line: string) => void) {
    super(miniflare.LogLevel.WARN)
    this.#write = write
  }
  override log(message: string): void {
    this.#write(message)
  }
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
  const worker = workerOptions('dist/app')
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
  ...workerOptions('dist/probe'),
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
  return new miniflare.Miniflare(
    miniflare.convertV4MiniflareOptions({
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
