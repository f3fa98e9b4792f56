import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Reads the D1 database of a running Candor. */
export function inDatabase<T>(stateDir: string, read: (db: DatabaseSync) => T): T {
  const names = readdirSync(join(stateDir, 'data'), { recursive: true, encoding: 'utf8' })
  for (const name of names.filter((one) => one.endsWith('.sqlite'))) {
    const db = new DatabaseSync(join(stateDir, 'data', name), { readOnly: true })
    try {
      if (db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'session'`).get()) return read(db)
    } finally {
      db.close()
    }
  }
  throw new Error('There is no database.')
}

/** How many entries, sessions, people, identities and workspaces it has. */
export const countsIn = (stateDir: string): number[] =>
  inDatabase(stateDir, (db) =>
    ['audit_log', 'session', 'user', 'identity', 'workspace'].map((table) =>
      Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n),
    ),
  )
