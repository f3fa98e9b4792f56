import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types'
import { ROOT } from './settings.ts'

interface Migration {
  name: string
  queries: string[]
}

export const MIGRATIONS = join(ROOT, 'dist', 'migrations.json')

/** Cuts the migrations into statements. Part of a build: what cuts them brings a test runner along. */
export async function writeMigrations(): Promise<void> {
  const { readD1Migrations } = await import('@cloudflare/vitest-plugin')
  mkdirSync(dirname(MIGRATIONS), { recursive: true })
  writeFileSync(MIGRATIONS, JSON.stringify(await readD1Migrations(join(ROOT, 'd1-migrations'))))
}

/** The table in which wrangler notes migrations, so that both agree on what has been applied. */
const NOTES = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`

/** Applies the migrations that the database does not have yet, each in one batch with its note: all of it, or nothing. */
export async function migrate(db: D1Database): Promise<void> {
  await db.prepare(NOTES).run()
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map((row) => row.name))
  const all: Migration[] = JSON.parse(readFileSync(MIGRATIONS, 'utf8'))
  for (const { name, queries } of all) {
    if (applied.has(name)) continue
    await db.batch([
      ...queries.map((query) => db.prepare(query)),
      db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ])
  }
}
