import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { migrate, writeMigrations } from '../scripts/lib/migrate.ts'
import { ROOT } from '../scripts/lib/settings.ts'
import { encodeCursor } from '../workers/app/services/cursor.ts'

/*
 * What a page of the audit log costs while the log grows to a million entries: rows that D1 reads, and milliseconds. The
 * statements are the product's own; the entries are put past the gates, in a database that is thrown away.
 */
const SIZES = [1000, 100_000, 1_000_000]
const ROUNDS = 5

const PAGES: [what: string, query: Record<string, string>][] = [
  ['the newest entries', {}],
  ['entries deep inside', { cursor: encodeCursor([900]) }],
  ['an actor', { actor: 'usr_3' }],
  ['an actor who did nothing', { actor: 'usr_none' }],
  ['a rare action', { action: 'test.rare' }],
  ['a surface without entries', { surface: 'slack' }],
  ['one thing', { entity: 'mon_42' }],
  ['what was refused', { outcome: 'refused' }],
  ['since a moment after all of them', { from: '2030-01-01' }],
  ['until a moment before all of them', { to: '2020-01-01' }],
]

async function start(folder: string): Promise<Miniflare> {
  const scriptPath = join(folder, 'worker.js')
  await build({
    entryPoints: [join(ROOT, 'bench', 'audit-pages-worker.ts')],
    outfile: scriptPath,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*', 'node:*'],
  })
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      name: 'bench',
      modules: true,
      modulesRoot: folder,
      scriptPath,
      compatibilityDate: '2026-10-20',
      resourcePersistencePath: join(folder, 'data'),
      d1Databases: { DB: 'bench' },
    }),
  )
  await runtime.ready
  await writeMigrations()
  await migrate((await runtime.getD1Database('DB', 'bench')) as never)
  return runtime
}

interface Cost {
  rows: number
  ms: number
}

const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'))
const runtime = await start(folder)
const call = async (path: string, query: Record<string, string> = {}): Promise<Cost> => {
  const answer = await runtime.dispatchFetch(`http://bench${path}?${new URLSearchParams(query)}`)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Cost
}

/** The rows of a page, and the median of its milliseconds. */
async function costOf(query: Record<string, string>): Promise<Cost> {
  const costs: Cost[] = []
  for (let round = 0; round < ROUNDS; round++) costs.push(await call('/page', query))
  const ms = costs.map((cost) => cost.ms).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
  return { rows: costs[0]?.rows ?? 0, ms }
}

const cell = ({ rows, ms }: Cost) => `${rows.toLocaleString('en').padStart(8)} ${ms.toFixed(1).padStart(6)} ms`

try {
  await call('/prepare')
  const columns: Cost[][] = []
  let size = 0
  for (const next of SIZES) {
    await call('/grow', { from: String(size), to: String(next) })
    size = next
    const column: Cost[] = []
    for (const [, query] of PAGES) column.push(await costOf(query))
    columns.push(column)
  }
  const title = SIZES.map((entries) => `${entries.toLocaleString('en')} entries`.padStart(18)).join('')
  const lines = PAGES.map(([what], i) => what.padEnd(36) + columns.map((column) => cell(column[i] as Cost)).join(''))
  process.stdout.write(`${['Rows read for a page, and time:'.padEnd(36) + title, ...lines].join('\n')}\n`)
} finally {
  await runtime.dispose()
  rmSync(folder, { recursive: true, force: true })
}
