import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { migrate, writeMigrations } from '../scripts/lib/migrate.ts'
import { ROOT } from '../scripts/lib/settings.ts'

/*
 * Changes a second of one workspace, each with its entry, against a floor that is measured in the same run: an object
 * that sends a bare D1 batch of two statements, in turn. Ratios are what counts; the figures are of this machine.
 */
const COUNT = 400
const ROUNDS = 5
/** Until the alarms of a new workspace have rung. */
const SETTLED_MS = 7000
const key = () => randomBytes(32).toString('base64')

const BINDINGS = {
  DEPLOYMENT: 'local',
  PUBLIC_URL: 'http://localhost:8787',
  STATUS_URL: 'http://localhost:8787',
  JURISDICTION: '',
  DEFAULT_PLAN: 'pro',
  ALLOW_PRIVATE_TARGETS: '',
  SECURITY_CONTACT: 'mailto:security@localhost.invalid',
  MAIL_DRIVER: 'none',
  CANDOR_KEYRING: JSON.stringify([{ kid: randomBytes(4).toString('hex'), key: key(), state: 'active' }]),
  API_KEY_RING: JSON.stringify([{ id: 1, key: key(), state: 'active' }]),
  AUDIT_KEYRING: JSON.stringify([{ key: key(), state: 'active' }]),
  SIGN_IN_KEY: key(),
  IDENTITY_PROVIDERS: JSON.stringify([
    {
      id: 'github',
      kind: 'github',
      name: 'GitHub',
      clientId: 'bench',
      clientSecret: key(),
      issuer: 'https://bench.test',
      authorizeUrl: 'https://bench.test/authorize',
      tokenUrl: 'https://bench.test/token',
      userUrl: 'https://bench.test/user',
      emailsUrl: 'https://bench.test/emails',
    },
  ]),
}

async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'worker.js')
  const entryPoints = [join(ROOT, 'bench', 'audit-worker.ts')]
  await build({
    entryPoints,
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*', 'node:*'],
  })
  return outfile
}

async function start(folder: string): Promise<Miniflare> {
  const object = (className: string) => ({ className, useSQLite: true })
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      name: 'bench',
      modules: true,
      modulesRoot: folder,
      scriptPath: await bundle(folder),
      compatibilityDate: '2026-10-20',
      resourcePersistencePath: join(folder, 'data'),
      d1Databases: { DB: 'bench' },
      queueProducers: { OUTBOX: 'bench-outbox' },
      durableObjects: {
        WORKSPACE: object('Workspace'),
        ACCOUNT: object('Account'),
        MONITORING: object('Monitoring'),
        DEPLOYMENT_LOG: object('DeploymentLog'),
        FLOOR: object('Floor'),
      },
      bindings: BINDINGS,
    }),
  )
  await runtime.ready
  await writeMigrations()
  await migrate((await runtime.getD1Database('DB', 'bench')) as never)
  return runtime
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const show = (perSecond: number) => perSecond.toFixed(0).padStart(6)

const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'))
const runtime = await start(folder)
const measure = async (what: string, lanes: number, things: number) => {
  const url = `http://bench/?what=${what}&count=${COUNT}&lanes=${lanes}&things=${things}`
  return (await (await runtime.dispatchFetch(url)).json()) as number
}
/** What is measured: in how many lanes, and how many things are changed in turn. */
const MEASURED = [
  { line: 'floor: a bare D1 batch of two statements, one after the other', what: 'floor', lanes: 1, things: 0 },
  { line: 'one after the other, one thing', what: 'candor', lanes: 1, things: 1 },
  { line: 'one after the other, fifty things in turn', what: 'candor', lanes: 1, things: 50 },
  { line: 'by 64 writers at once', what: 'candor', lanes: 64, things: 64 },
]

try {
  for (const { lanes, things } of MEASURED) await measure('prepare', lanes, things)
  await setTimeout(SETTLED_MS)
  const rates = MEASURED.map((): number[] => [])
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [i, { what, lanes, things }] of MEASURED.entries()) {
      const rate = await measure(what, lanes, things)
      if (round > 0) rates[i]?.push(rate)
    }
  const [floor = 0, ...others] = rates.map(median)
  process.stdout.write(
    [
      `Changes a second of one workspace, median of ${ROUNDS} rounds of ${COUNT}:`,
      `${show(floor)}  ${MEASURED[0]?.line}`,
      ...others.map((rate, i) => `${show(rate)}  ${MEASURED[i + 1]?.line}: ${(rate / floor).toFixed(2)} of the floor`),
      '',
    ].join('\n'),
  )
} finally {
  await runtime.dispose()
  rmSync(folder, { recursive: true, force: true })
}
