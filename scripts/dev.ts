import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { QUIET } from './lib/build.ts'
import { fail, requireNode, runMain } from './lib/fail.ts'
import { startIdentityProvider } from './lib/identity-provider.ts'
import { requireFree } from './lib/ports.ts'
import { appBindings, probeBindings } from './lib/runtime.ts'
import { loadSecrets } from './lib/secrets.ts'
import { ROOT, readSettings } from './lib/settings.ts'
import { makeShutdown } from './lib/shutdown.ts'
import { openStateDir, releaseLock, takeLock } from './lib/state.ts'

/*
 * Candor for people who work on it: wrangler's development server, which reloads. It hands its database to whoever
 * reaches its port, so it listens on loopback and is nothing to expose. `npm start` is the one to run.
 */
const MINUTE_MS = 60_000
const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
const shutdown = makeShutdown()

/** Variables and secrets where wrangler reads them: a file that only its owner can read. */
function writeEnv(path: string, values: Record<string, string>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(path, lines.join(''), { mode: 0o600 })
}

async function dev(): Promise<void> {
  requireNode()
  Object.assign(process.env, QUIET)
  const settings = readSettings({
    ...process.env,
    STATE_DIR: process.env.STATE_DIR || join(ROOT, '.candor', 'dev'),
    // Wrangler's server takes the limits of wrangler.toml as they are.
    RATE_LIMIT_TIMES: '1',
    // The mailbox is a part of `npm start`.
    MAIL_DRIVER: process.env.MAIL_DRIVER || 'none',
  })
  settings.stateDir = openStateDir(settings.stateDir)
  const { stateDir, port } = settings
  takeLock(stateDir)
  shutdown.onStop(() => releaseLock(stateDir))
  const secrets = loadSecrets(stateDir)
  await requireFree('PORT', '127.0.0.1', port)
  await requireFree('IDP_PORT', '127.0.0.1', settings.idpPort)
  const idp = await startIdentityProvider(settings, secrets.identityProvider)
  shutdown.onStop(() => idp.close())

  const env = join(stateDir, 'dev.env')
  const data = join(stateDir, 'data')
  writeEnv(env, {
    ...probeBindings(settings),
    ...appBindings(settings, secrets, JSON.stringify(idp.providers)),
  })
  const migrated = spawnSync(
    process.execPath,
    [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', data],
    { cwd: ROOT, encoding: 'utf8' },
  )
  if (migrated.status !== 0) fail(`The migrations could not be applied.\n${migrated.stdout}${migrated.stderr}`)

  const config = ['-c', 'wrangler.toml', '-c', 'workers/probe/wrangler.toml', '--env-file', env]
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--persist-to', data]
  const child = spawn(process.execPath, [WRANGLER, 'dev', ...config, ...place], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_LOG: 'log' },
    stdio: 'inherit',
  })
  child.on('exit', (code) => void shutdown.stop(code ?? 1))
  shutdown.onStop(() => child.kill('SIGTERM'))
  shutdown.takeSignals()
  // Crons do not fire by themselves on one machine.
  const cron = `http://127.0.0.1:${port}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`
  const timer = setInterval(() => void fetch(cron).catch(() => undefined), MINUTE_MS)
  shutdown.onStop(() => clearInterval(timer))
}

await runMain(dev, shutdown)
