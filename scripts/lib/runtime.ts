import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import type { Secrets } from './secrets.ts'
import { ROOT, type Settings } from './settings.ts'

/** From wrangler.toml, so that one machine and a deployment run under the same rules. */
function compatibilityDate(): string {
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
  return /^compatibility_date = "(\d{4}-\d{2}-\d{2})"/m.exec(toml)?.[1] ?? ''
}

/** Warnings and errors of the Workers go to a file, so that the terminal shows what a person needs. */
class FileLog extends Log {
  #path: string
  constructor(path: string) {
    super(LogLevel.WARN)
    this.#path = path
  }
  override log(message: string): void {
    appendFileSync(this.#path, `${message}\n`)
  }
}

function hostsOf(settings: Settings): string {
  const hosts = [settings.publicUrl, settings.statusUrl].map((url) => new URL(url).host)
  const own = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
    `${host}:${settings.port}`,
    `${host}:${settings.idpPort}`,
  ])
  return [...hosts, ...own].join(' ')
}

/** The built Workers on Miniflare, the app on a socket of its own, past the development proxy. */
export function startRuntime(
  settings: Settings,
  secrets: Secrets,
  identityProviders: string,
  entryPort: number,
): Miniflare {
  const logPath = join(settings.stateDir, 'candor.log')
  const shared = {
    compatibilityDate: compatibilityDate(),
    modules: true as const,
    modulesRoot: ROOT,
    ALLOW_PRIVATE_TARGETS: settings.allowPrivateTargets,
  }
  const { ALLOW_PRIVATE_TARGETS, ...worker } = shared
  return new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: entryPort,
      log: new FileLog(logPath),
      cf: false,
      handleStructuredLogs: ({ level, message }: { level: string; message: string }) =>
        appendFileSync(logPath, `${new Date().toISOString()} ${level} ${message}\n`),
      resourcePersistencePath: join(settings.stateDir, 'data'),
      workers: [
        {
          ...worker,
          name: 'candor',
          scriptPath: join(ROOT, 'dist/app/main.js'),
          unsafeDirectSockets: [{ host: settings.host, port: settings.port }],
          d1Databases: { DB: 'candor' },
          durableObjects: {
            WORKSPACE: { className: 'Workspace', useSQLite: true },
            MONITORING: { className: 'Monitoring', useSQLite: true },
          },
          queueProducers: { OUTBOX: 'candor-outbox' },
          queueConsumers: {
            'candor-outbox': {
              maxBatchSize: 10,
              maxBatchTimeout: 0,
              maxRetries: 8,
              deadLetterQueue: 'candor-outbox-dead',
            },
          },
          serviceBindings: {
            PROBE_LOCAL: 'candor-probe-local',
            ASSETS: { disk: { path: join(ROOT, 'static'), writable: false } },
          },
          bindings: {
            DEPLOYMENT: 'local',
            PUBLIC_URL: settings.publicUrl,
            STATUS_URL: settings.statusUrl,
            JURISDICTION: '',
            REGIONS: 'local',
            DEFAULT_PLAN: settings.defaultPlan,
            ALLOW_PRIVATE_TARGETS,
            SECURITY_CONTACT: settings.securityContact,
            CANDOR_KEYRING: JSON.stringify(secrets.CANDOR_KEYRING),
            API_KEY_RING: JSON.stringify(secrets.API_KEY_RING),
            SIGN_IN_KEY: secrets.SIGN_IN_KEY,
            IDENTITY_PROVIDERS: identityProviders,
          },
        },
        {
          ...worker,
          name: 'candor-probe-local',
          scriptPath: join(ROOT, 'dist/probe/main.js'),
          bindings: {
            REGION: 'local',
            DOH_URL: settings.dohUrl,
            OWN_HOSTS: hostsOf(settings),
            ALLOW_PRIVATE_TARGETS,
          },
        },
      ],
    }),
  )
}
