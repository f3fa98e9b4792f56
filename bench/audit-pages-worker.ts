import type { WorkspaceId } from '../shared/ids.ts'
import { database } from '../workers/app/db/client.ts'
import { listAuditLogs } from '../workers/app/services/audit/list.ts'
import type { Credential } from '../workers/app/services/context.ts'

const NOW = 1_764_000_000_000
/** Every this many entries, one is rare. */
const RARE = 70_001
const workspaceId = 'ws_bench' as string as WorkspaceId
const credential: Credential = { type: 'system', workspaceId, name: 'monitoring' }

/** Entries of one statement. */
const PART = 20_000

const LEAF = `json_object('v', 1, 'log', ?1, 'seq', seq, 'at', ${NOW} - 100000000 + seq, 'requestId', 'req_' || seq,
  'idempotencyKey', null, 'fingerprint', null, 'surface', 'api', 'actor', json_object('type', 'user', 'id', 'usr_' || (seq % 7)),
  'user', 'usr_' || (seq % 7), 'auth', 'session', 'action', CASE WHEN seq % ${RARE} = 9 THEN 'test.rare' ELSE 'monitor.update' END,
  'entity', json_object('type', 'monitor', 'id', 'mon_' || (seq % 97)), 'before', json_object('name', 'A ' || seq),
  'after', json_object('name', 'B ' || seq), 'changed', json_array('name'),
  'outcome', CASE WHEN seq % ${RARE} = 9 THEN 'forbidden' ELSE 'ok' END, 'person', null)`
const RUN = 'WITH RECURSIVE run (seq) AS (SELECT ?2 UNION ALL SELECT seq + 1 FROM run WHERE seq + 1 < ?3)'

interface BenchEnv {
  DB: D1Database
}

async function prepare(db: D1Database): Promise<string> {
  const { results } = await db.prepare(`SELECT name FROM sqlite_master WHERE type = 'trigger'`).all<{ name: string }>()
  await db.batch([
    ...results.map(({ name }) => db.prepare(`DROP TRIGGER ${name}`)),
    db.prepare(`INSERT INTO workspace VALUES (?, 'Bench', 'pro', 0)`).bind(workspaceId),
  ])
  return workspaceId
}

/** Entries [from, to): texts as the product writes them; hashes only have their length, which is what a page pays for. */
async function grow(db: D1Database, from: number, to: number): Promise<number> {
  for (let at = from; at < to; at += PART) {
    const run = [workspaceId, at, Math.min(at + PART, to)]
    await db.batch([
      db.prepare(`INSERT INTO audit_log ${RUN} SELECT ?1, seq, randomblob(32), randomblob(320) FROM run`).bind(...run),
      db.prepare(`INSERT INTO audit_body (log_id, seq, leaf) ${RUN} SELECT ?1, seq, ${LEAF} FROM run`).bind(...run),
    ])
  }
  return to
}

/** The product's own statements for a page: rows that D1 has read for them, and the time of their batch. */
async function page(db: D1Database, input: unknown) {
  const load = listAuditLogs.load(database(db), { workspaceId, now: NOW, credential }, listAuditLogs.input.parse(input))
  const statements = Object.values(load).map((query) => {
    const { sql, params } = (query as unknown as { toSQL(): { sql: string; params: unknown[] } }).toSQL()
    return db.prepare(sql).bind(...params)
  })
  const started = performance.now()
  const results = await db.batch(statements)
  const rows = results.reduce((sum, { meta }) => sum + (meta.rows_read ?? 0), 0)
  return { rows, ms: performance.now() - started }
}

export default {
  async fetch(request: Request, { DB }: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/prepare') return Response.json(await prepare(DB))
    if (pathname === '/grow')
      return Response.json(await grow(DB, Number(searchParams.get('from')), Number(searchParams.get('to'))))
    return Response.json(await page(DB, Object.fromEntries(searchParams)))
  },
}
