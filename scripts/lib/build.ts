import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDocuments } from './documents.ts'
import { fail } from './fail.ts'
import { MIGRATIONS, writeMigrations } from './migrate.ts'
import { ROOT } from './settings.ts'
import { OPTIONS, writeWorkerOptions } from './worker-options.ts'

const SOURCES = ['workers', 'shared', 'd1-migrations', 'wrangler.toml', 'package-lock.json', 'dist/documents.js']
/** Where a build says what went into it (esbuild's metafile). */
export const METAFILE = 'bundle-meta.json'
export const TARGETS = [
  { config: 'wrangler.toml', outdir: 'dist/app' },
  { config: 'workers/probe/wrangler.toml', outdir: 'dist/probe' },
]
const STAMP = join(ROOT, 'dist', '.sources')

/** Wrangler asks nobody, reports nowhere and fetches nothing. */
export const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  WRANGLER_LOG: 'warn',
  CI: '1',
}

function filesOf(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function sourcesHash(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((name) => (name.includes('.') ? [join(ROOT, name)] : filesOf(join(ROOT, name))))
  for (const file of files.toSorted())
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

async function dryRun(config: string, outdir: string, signal: AbortSignal | undefined): Promise<void> {
  const wrangler = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
  const places = ['--outdir', join(ROOT, outdir), '--metafile', join(ROOT, outdir, METAFILE)]
  const args = [wrangler, 'deploy', '--dry-run', ...places, '-c', join(ROOT, config)]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // One result for one source, whoever builds: a test run sets NODE_ENV, and esbuild would put it into the code.
    env: { ...process.env, ...QUIET, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  const code = await new Promise((resolve) => {
    child.on('close', resolve)
    // Aborted, or not to be started at all; 'close' follows.
    child.on('error', (error) => (output += error.message))
  })
  if (code !== 0) fail(`${output}\nThe Worker of ${config} could not be built.`)
}

const built = (hash: string) =>
  existsSync(STAMP) &&
  readFileSync(STAMP, 'utf8') === hash &&
  existsSync(MIGRATIONS) &&
  TARGETS.every(({ outdir }) => ['main.js', METAFILE, OPTIONS].every((name) => existsSync(join(ROOT, outdir, name))))

/** Builds both Workers exactly as a deploy does, without deploying; nothing when the sources have not changed. */
export async function build(options: { force?: boolean; signal?: AbortSignal } = {}): Promise<void> {
  writeDocuments()
  const hash = sourcesHash()
  if (!options.force && built(hash)) return
  // A build that is cut off must not pass for the one before it.
  rmSync(STAMP, { force: true })
  await Promise.all(TARGETS.map(({ config, outdir }) => dryRun(config, outdir, options.signal)))
  TARGETS.forEach(writeWorkerOptions)
  await writeMigrations()
  writeFileSync(STAMP, hash)
}
