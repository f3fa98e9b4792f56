import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { build, QUIET } from './lib/build.ts'
import { fail, requireNode, runMain } from './lib/fail.ts'
import { openLog } from './lib/log.ts'
import { nameRuntime, startReaper } from './lib/named-runtime.ts'
import { requireFree } from './lib/ports.ts'
import { isAlive, processesAt } from './lib/processes.ts'
import { loadSecrets, type Secrets } from './lib/secrets.ts'
import { readSettings, type Settings } from './lib/settings.ts'
import { makeShutdown } from './lib/shutdown.ts'
import { openStateDir, releaseLock, takeLock } from './lib/state.ts'

const MINUTE_MS = 60_000
const ENDED = 'The runtime has ended unexpectedly. Nothing that was acknowledged is lost: start Candor again.'

const shutdown = makeShutdown()

async function start(): Promise<void> {
  requireNode()
  Object.assign(process.env, QUIET)
  const settings = readSettings(process.env)
  settings.stateDir = openStateDir(settings.stateDir)
  const { stateDir } = settings
  takeLock(stateDir)
  shutdown.onStop(() => releaseLock(stateDir))
  const program = await nameRuntime(stateDir)
  shutdown.onStop(() => rmSync(program, { force: true }))
  const secrets = loadSecrets(stateDir)
  const local = settings.identityProviders === ''
  await requireFree('PORT', settings.host, settings.port)
  if (local) await requireFree('IDP_PORT', '127.0.0.1', settings.idpPort)
  // Most of a warm start: loaded only when everything that a person has to put right is right.
  const { startRuntime } = await import('./lib/runtime.ts')
  const { migrate } = await import('./lib/migrate.ts')
  const building = new AbortController()
  shutdown.onStop(() => building.abort())
  await build({ signal: building.signal })

  const idp = local ? await startLocal(settings, secrets.identityProvider) : null
  shutdown.onStop(() => idp?.close())
  startReaper(program)
  const log = openLog(join(stateDir, 'candor.log'))
  const runtime = startRuntime(settings, secrets, idp ? JSON.stringify(idp.providers) : settings.identityProviders, log)
  shutdown.onStop(() => runtime.dispose())
  shutdown.takeSignals()
  await runtime.ready.catch((error) => {
    log(`error ${error.message}`)
    fail(
      `The runtime does not start on ${join(stateDir, 'data')}; ${join(stateDir, 'candor.log')} says why. Restore that folder.`,
    )
  })
  const runtimes = processesAt(program)
  shutdown.watch(() => runtimes.every(isAlive), ENDED)
  // Miniflare's types and the Workers' own describe the same object.
  await migrate((await runtime.getD1Database('DB', 'candor')) as never).catch((error) =>
    fail(
      `The database in ${join(stateDir, 'data')} cannot be used (${String(error.message).split('\n', 1)[0]}). Restore that folder, or its owner.`,
    ),
  )
  await requireHealth(settings, join(stateDir, 'candor.log'))
  await startCron(runtime, log)
  process.stdout.write(`Candor is ready at ${settings.publicUrl}\n`)
}

/** People to sign in as, where no other identity provider is configured. */
async function startLocal(settings: Settings, secrets: Secrets['identityProvider']) {
  const { startIdentityProvider } = await import('./lib/identity-provider.ts')
  return startIdentityProvider(settings, secrets)
}

/** "Ready" is said when the Worker itself says so: it checks its configuration at the first request. */
async function requireHealth({ host, port }: Settings, logPath: string): Promise<void> {
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const url = `http://${own.includes(':') ? `[${own}]` : own}:${port}/health`
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) }).catch(() => null)
  if (answer?.status === 200) return
  // What the Worker wrote comes through a pipe, and its end would take the last lines with it.
  await written(logPath)
  fail(`Candor has started but does not answer well (${answer?.status ?? 'no answer'}). ${logPath} says why.`)
}

const WRITTEN_MS = 5000

/** Waits until a log has a line, for a while. */
async function written(path: string): Promise<void> {
  const end = Date.now() + WRITTEN_MS
  while (Date.now() < end && !statSync(path, { throwIfNoEntry: false })?.size)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Crons do not fire by themselves on one machine. */
async function startCron(runtime: Miniflare, log: (line: string) => void): Promise<void> {
  const app = await runtime.getWorker('candor')
  const tick = () =>
    app.scheduled({ cron: '* * * * *', scheduledTime: new Date() }).catch((error) => {
      if (!shutdown.stopping()) log(`error The minute's work failed: ${error}`)
    })
  void tick()
  const timer = setInterval(tick, MINUTE_MS)
  shutdown.onStop(() => clearInterval(timer))
}

await runMain(start, shutdown)
