import { env } from 'cloudflare:workers'
import { newId } from '../../shared/ids.ts'

/** What D1 answers for a column: a BLOB is an array of numbers. */
export type Value = string | number | null | number[]
export type Row = Record<string, Value>

const all = async <T>(sql: string) => (await env.DB.prepare(sql).all<T>()).results

/** A statement with its values, BLOBs as D1 wants them. */
export function statement(sql: string, ...values: (Value | Uint8Array)[]): D1PreparedStatement {
  return env.DB.prepare(sql).bind(...values.map((value) => (Array.isArray(value) ? Uint8Array.from(value) : value)))
}

/** Every table of the database, but for those that SQLite and D1 keep for themselves. */
export async function tableNames(): Promise<string[]> {
  const rows = await all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!' ORDER BY name`,
  )
  return rows.map((row) => row.name)
}

export interface Table {
  name: string
  columns: string[]
  /** Columns of the primary key. */
  key: string[]
  /** Columns of each unique index besides the primary key. */
  unique: string[][]
  foreignKeys: { table: string; from: string[]; to: string[] }[]
}

/** A table as the database itself describes it. */
export async function tableOf(name: string): Promise<Table> {
  const columns = await all<{ name: string; pk: number }>(`PRAGMA table_info(${name})`)
  const indexes = await all<{ name: string; unique: number; origin: string }>(`PRAGMA index_list(${name})`)
  const unique: string[][] = []
  for (const index of indexes.filter((candidate) => candidate.unique === 1 && candidate.origin !== 'pk'))
    unique.push((await all<{ name: string }>(`PRAGMA index_info(${index.name})`)).map((column) => column.name))
  const links = await all<{ id: number; table: string; from: string; to: string }>(`PRAGMA foreign_key_list(${name})`)
  return {
    name,
    columns: columns.map((column) => column.name),
    key: columns.filter((column) => column.pk > 0).map((column) => column.name),
    unique,
    foreignKeys: [...Map.groupBy(links, (link) => link.id).values()].map((columnsOfOne) => ({
      table: columnsOfOne[0]?.table ?? '',
      from: columnsOfOne.map((link) => link.from),
      to: columnsOfOne.map((link) => link.to),
    })),
  }
}

export const rowsOf = (table: string) => all<Row>(`SELECT * FROM ${table}`)

/** Every row of every table (or of some), in an order of its own: equal texts are equal databases, byte for byte. */
export async function dump(names?: string[]): Promise<string> {
  const tables = names ?? (await tableNames())
  const answers = await env.DB.batch<Row>(tables.map((name) => env.DB.prepare(`SELECT * FROM ${name}`)))
  const lines = answers.flatMap(({ results }, i) => results.map((row) => `${tables[i]} ${JSON.stringify(row)}`))
  return lines.toSorted().join('\n')
}

const LOG_TABLES = ['audit_log', 'audit_body', 'audit_person']

/** As `dump`, of everything but the log: what a refused change may not touch. */
export const dumpBesidesLog = async (): Promise<string> =>
  dump((await tableNames()).filter((name) => !LOG_TABLES.includes(name)))

/**
 * Runs statements as somebody would who may change the schema: past every gate, or past those of one table, which is
 * quicker. The gates stand again afterwards.
 */
export async function pastTheGates(statements: D1PreparedStatement[], table?: string): Promise<void> {
  const found = await all<{ name: string; sql: string; tbl_name: string }>(
    `SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'`,
  )
  const triggers = found.filter((trigger) => table === undefined || trigger.tbl_name === table)
  await env.DB.batch([
    ...triggers.map(({ name }) => env.DB.prepare(`DROP TRIGGER ${name}`)),
    ...statements,
    ...triggers.map(({ sql }) => env.DB.prepare(sql)),
  ])
}

/** Sequence of the next entry of a log. */
export async function nextSeq(logId: string): Promise<number> {
  const row = await statement('SELECT max(seq) + 1 AS next FROM audit_log WHERE log_id = ?', logId).first<{
    next: number | null
  }>()
  return row?.next ?? 0
}

/** A leaf as the product writes it, for batches that a test puts together by itself. */
export const leafText = (logId: string, seq: number, changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    v: 1,
    log: logId,
    seq,
    at: 1_764_000_000_000,
    requestId: newId('request'),
    idempotencyKey: null,
    fingerprint: null,
    surface: 'api',
    actor: { type: 'system', id: 'test' },
    user: null,
    auth: 'system',
    action: 'test.write',
    entity: { type: 'test', id: 'test' },
    before: null,
    after: null,
    changed: [],
    outcome: 'ok',
    person: null,
    ...changes,
  })

/** The statement that opens an entry. */
export const openEntry = (logId: string, seq: number, leaf = leafText(logId, seq)) =>
  statement('INSERT INTO audit_body (log_id, seq, leaf) VALUES (?, ?, ?)', logId, seq, leaf)

/** The statement that closes an entry. The database knows the form of hashes, not their worth. */
export const closeEntry = (logId: string, seq: number) =>
  statement(
    'INSERT INTO audit_log (log_id, seq, leaf_hash, range) VALUES (?, ?, randomblob(32), randomblob(32))',
    logId,
    seq,
  )

/** What the database says to a batch: null when it takes it. */
export async function refusalOf(statements: D1PreparedStatement[]): Promise<string | null> {
  try {
    await env.DB.batch(statements)
    return null
  } catch (error) {
    return String(error)
  }
}
