import type { Miniflare } from 'miniflare'
import { build, QUIET } from './lib/build.ts'
import { requireNode, runMain } from './lib/fail.ts'
import { startIdentityProvider } from './lib/identity-provider.ts'
import { migrate } from './lib/migrate.ts'
import { freePort, requireFree } from './lib/ports.ts'
import { isAlive, runtimesOf } from './lib/processes.ts'
import { startReaper } from './lib/reaper.ts'
import { startRuntime } from './lib/runtime.ts'
import { loadSecrets } from './lib/secrets.ts'
import { readSettings, type Settings } from './lib/settings.ts'
import { noteRuntimes, openStateDir, releaseLock, takeLock } from './lib/state.ts'

const MINUTE_MS = 60_000
const WATCH_MS = 500

async function start(): Promise<void> {
  requireNode()
  Object.assign(process.env, QUIET)
  const settings = readSettings(process.env)
  openStateDir(settings.stateDir)
  await takeLock(settings.stateDir)
  const secrets = loadSecrets(settings.stateDir)
  await requireFree('PORT', settings.host, settings.port)
  if (settings.identityProviders === '') await requireFree('IDP_PORT', '127.0.0.1', settings.idpPort)
  await build()

  const idp = settings.identityProviders === '' ? await startIdentityProvider(settings, secrets.identityProvider) : null
  const providers = idp ? JSON.stringify(idp.providers) : settings.identityProviders
  const runtime = startRuntime(settings, secrets, providers, await freePort())
  await runtime.ready
  const runtimes = runtimesOf(process.pid)
  noteRuntimes(settings.stateDir, runtimes)
  const spare = startReaper(runtimes)
  // Miniflare's types and the Workers' own describe the same object.
  await migrate((await runtime.getD1Database('DB', 'candor')) as never)
  const timer = await startCron(runtime)
  watch(settings, runtimes, async () => {
    clearInterval(timer)
    await runtime.dispose()
    spare()
    await idp?.close()
  })
  process.stdout.write(`Candor is ready at ${settings.publicUrl}\n`)
}

/** Crons do not fire by themselves on one machine. */
async function startCron(runtime: Miniflare): Promise<NodeJS.Timeout> {
  const app = await runtime.getWorker('candor')
  const tick = () => app.scheduled({ cron: '* * * * *', scheduledTime: new Date() }).catch(() => undefined)
  void tick()
  return setInterval(tick, MINUTE_MS)
}

/** Stops when asked to, when the shell or npm that started this is gone, and when the runtime is. */
function watch(settings: Settings, runtimes: number[], close: () => Promise<void>): void {
  const parent = process.ppid
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    // What does not close in time is ended by the reaper.
    setTimeout(() => process.exit(code), 5000).unref()
    await close().catch(() => undefined)
    releaseLock(settings.stateDir)
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
  setInterval(() => {
    if (process.ppid !== parent) void stop(0)
    else if (!runtimes.every(isAlive) && !stopping) {
      process.stderr.write(
        'The runtime has ended unexpectedly. Nothing that was acknowledged is lost: start Candor again.\n',
      )
      void stop(1)
    }
  }, WATCH_MS).unref()
}

await runMain(start)
