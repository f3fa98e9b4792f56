import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from './fail.ts'
import { ROOT } from './settings.ts'

const SOURCES = ['workers', 'shared', 'wrangler.toml', 'package-lock.json']
const TARGETS = [
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

async function dryRun(config: string, outdir: string): Promise<void> {
  const wrangler = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
  const args = [wrangler, 'deploy', '--dry-run', '--outdir', join(ROOT, outdir), '-c', join(ROOT, config)]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...QUIET },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) fail(`${output}\nThe Worker of ${config} could not be built.`)
}

/** Builds both Workers exactly as a deploy does, without deploying; nothing when the sources have not changed. */
export async function build(options: { force?: boolean } = {}): Promise<void> {
  const hash = sourcesHash()
  if (!options.force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return
  await Promise.all(TARGETS.map(({ config, outdir }) => dryRun(config, outdir)))
  writeFileSync(STAMP, hash)
}
