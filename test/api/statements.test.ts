import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { database } from '../../workers/app/db/client.ts'
import { monitor } from '../../workers/app/db/schema/monitor.ts'
import { tableNames } from '../lib/database.ts'
import { complaintsSoFar, LOOKUPS, NOT_A_TENANTS, tenancy } from '../lib/inspected.ts'
import { StatementInspector } from '../lib/statements.ts'

const TENANCY = new Map([
  ['monitor', 'workspace_id'],
  ['incident', 'workspace_id'],
  ['membership', 'workspace_id'],
  ['audit_log', 'log_id'],
])
const inspector = new StatementInspector(TENANCY, [{ table: 'membership', by: 'user_id', why: 'one’s own' }])

const ASKED = 'monitor is asked without its tenant'
const WRITTEN = 'monitor is written without its tenant'

describe('a statement that does not say of which tenant is found', () => {
  test.each([
    ['a list of everything', 'SELECT * FROM monitor', ASKED],
    ['one thing by its id alone', 'SELECT * FROM monitor WHERE id = ?', ASKED],
    ['a workspace or anything', 'SELECT * FROM monitor WHERE workspace_id = ? OR id = ?', ASKED],
    ['any workspace but one', 'SELECT * FROM monitor WHERE NOT (workspace_id = ?)', ASKED],
    ['a comparison that is no equation', 'SELECT * FROM monitor WHERE workspace_id >= ?', ASKED],
    ['a column compared with itself', 'SELECT * FROM monitor m WHERE m.workspace_id = m.workspace_id', ASKED],
    ['a word in the statement', `SELECT * FROM monitor WHERE workspace_id = 'ws_1'`, ASKED],
    ['a calculation', `SELECT * FROM monitor WHERE workspace_id = coalesce(?, workspace_id)`, ASKED],
    [
      'a joined table without its tenant',
      'SELECT * FROM incident i JOIN monitor m ON m.id = i.monitor_id WHERE i.workspace_id = ?',
      ASKED,
    ],
    [
      'an outer join that restricts the other side only',
      'SELECT * FROM monitor m LEFT JOIN incident i ON m.workspace_id = ? AND i.workspace_id = ?',
      ASKED,
    ],
    [
      'two that say of each other what they are',
      'SELECT * FROM monitor a, monitor b WHERE a.workspace_id = b.workspace_id',
      ASKED,
    ],
    ['a question inside another', 'SELECT (SELECT count(*) FROM monitor) FROM incident WHERE workspace_id = ?', ASKED],
    [
      'a question in a condition',
      'DELETE FROM incident WHERE workspace_id = ? AND monitor_id IN (SELECT id FROM monitor)',
      ASKED,
    ],
    ['one half of a union', 'SELECT id FROM monitor WHERE workspace_id = ? UNION SELECT id FROM monitor', ASKED],
    ['a table by another name', 'WITH m AS (SELECT * FROM monitor) SELECT * FROM m WHERE workspace_id = ?', ASKED],
    ['a change', 'UPDATE monitor SET name = ? WHERE id = ?', ASKED],
    ['a change of the tenant itself, of everything', 'UPDATE monitor SET workspace_id = ?', ASKED],
    ['a deletion', 'DELETE FROM monitor', ASKED],
    ['a new row without it', 'INSERT INTO monitor (id) VALUES (?)', WRITTEN],
    ['a new row without names of columns', 'INSERT INTO monitor VALUES (?, ?)', WRITTEN],
    ['a new row with a word for it', `INSERT INTO monitor (workspace_id, id) VALUES ('ws_1', ?)`, WRITTEN],
    ['one of two new rows', `INSERT INTO monitor (workspace_id, id) VALUES (?, ?), (NULL, ?)`, WRITTEN],
    [
      'rows that are copied from anywhere',
      'INSERT INTO monitor (workspace_id, id) SELECT workspace_id, id FROM incident',
      WRITTEN,
    ],
    ['a log', 'SELECT max(seq) FROM audit_log', 'audit_log is asked without its tenant'],
  ])('%s', (_, text, complaint) => {
    expect(inspector.complaints(text)).toContain(complaint)
  })
})

describe('a statement that says of which tenant passes', () => {
  test.each([
    'SELECT * FROM monitor WHERE workspace_id = ? AND (id = ? OR name = ?)',
    'SELECT * FROM incident i JOIN monitor m ON m.workspace_id = i.workspace_id WHERE i.workspace_id = ?',
    'SELECT * FROM incident i LEFT JOIN monitor m ON m.workspace_id = i.workspace_id WHERE i.workspace_id = ?',
    'SELECT * FROM membership m JOIN monitor o ON o.workspace_id = m.workspace_id WHERE m.user_id = ?',
    'SELECT (SELECT count(*) FROM monitor m WHERE m.workspace_id = i.workspace_id) FROM incident i WHERE i.workspace_id = ?',
    'INSERT INTO monitor (workspace_id, id) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING',
    'INSERT INTO monitor (workspace_id, id) SELECT workspace_id, id FROM incident WHERE workspace_id = ?',
    'UPDATE monitor SET name = ? WHERE workspace_id = ? AND id = ?',
    'SELECT * FROM user',
  ])('%s', (text) => {
    expect(inspector.complaints(text)).toEqual([])
  })
})

test('a statement of Candor without its tenant is not sent, and fails the file of tests it is in', async () => {
  const db = database(env.DB)
  expect(() =>
    db
      .select()
      .from(monitor)
      .where(eq(monitor.id, 'mon_00000000000' as never))
      .toSQL(),
  ).not.toThrow()
  await expect(async () => await db.select().from(monitor)).rejects.toThrow(ASKED)
  await expect(async () => await db.run(sql`DELETE FROM monitor`)).rejects.toThrow()
  expect(complaintsSoFar()).toEqual([expect.stringContaining(ASKED), expect.stringContaining(ASKED)])
})

test('the inspector knows every table whose rows name a workspace or a log', async () => {
  const known = await tenancy()
  const tables = await tableNames()
  const named = await Promise.all(
    tables.map(async (table) => {
      const { results } = await env.DB.prepare(`PRAGMA table_info(${table})`).all<{ name: string }>()
      return results.some(({ name }) => /^(workspace|log)_id$/.test(name)) ? table : null
    }),
  )
  expect([...known.keys(), ...Object.keys(NOT_A_TENANTS)].toSorted()).toEqual(named.filter((table) => table !== null))
  expect(LOOKUPS.every(({ table }) => known.has(table))).toBe(true)
})
