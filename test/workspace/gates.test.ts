import { beforeAll, describe, expect, test } from 'vitest'
import { EXEMPT_TABLES } from '../../workers/app/db/exempt.ts'
import {
  closeEntry,
  dump,
  nextSeq,
  openEntry,
  type Row,
  refusalOf,
  rowsOf,
  statement,
  type Table,
  tableNames,
  tableOf,
  type Value,
} from '../lib/database.ts'
import { newWorld, settled } from '../lib/world.ts'

const isExempt = (name: string) => Object.hasOwn(EXEMPT_TABLES, name)
/** Whatever is not on the list: the next table is in here before anybody remembers. */
const GATED = (await tableNames()).filter((name) => !isExempt(name))
const tables = new Map<string, Table>()
for (const name of GATED) tables.set(name, await tableOf(name))

/** The column that names the log behind a gate: a workspace's, or a person's own. */
const LOG_COLUMNS: Record<string, string> = { user: 'id', identity: 'user_id', session: 'user_id' }
const logColumn = (name: string) => LOG_COLUMNS[name] ?? 'workspace_id'

interface Logs {
  workspaceId: string
  userId: string
}
let ours: Logs
let others: Logs
beforeAll(async () => {
  ours = (await newWorld('Ada Lovelace')).person
  others = (await newWorld('Grace Hopper')).person
  await settled()
})

const logOf = (name: string, { workspaceId, userId }: Logs) => (name in LOG_COLUMNS ? userId : workspaceId)
const isOf = (name: string, who: Logs) => (row: Row) => row[logColumn(name)] === logOf(name, who)

/** A table with a real row of somebody. */
async function rowOf(name: string, who = ours): Promise<{ table: Table; row: Row }> {
  const table = tables.get(name)
  const row = (await rowsOf(name)).find(isOf(name, who))
  if (!table || !row) throw new Error(`${name} has no row: newWorld() of test/lib/world.ts has to make one`)
  return { table, row }
}

const another = (value: Value | undefined): Value => (typeof value === 'number' ? value + 1000 : `${value}x`)

/** The row with other values in these columns. */
const changed = (row: Row, columns: string[]): Row => ({
  ...row,
  ...Object.fromEntries(columns.map((column) => [column, another(row[column])])),
})

/** The row as a new one, in the same workspace where the key has more than the workspace in it. */
function fresh(table: Table, row: Row): Row {
  const log = logColumn(table.name)
  const own = [...table.key, ...table.unique.flat()].filter((column) => column !== log)
  return changed(row, own.length > 0 && table.key.join() !== log ? own : [log, ...own])
}

const insert = (verb: string, { name, columns }: Table, row: Row, end = '') =>
  statement(
    `${verb} INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${end}`,
    ...columns.map((column) => row[column] ?? null),
  )

const where = ({ key }: Table) => `WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`
const keyOf = ({ key }: Table, row: Row) => key.map((column) => row[column] ?? null)

const update = (verb: string, table: Table, row: Row, column: string, value: Value) =>
  statement(`${verb} ${table.name} SET ${column} = ? ${where(table)}`, value, ...keyOf(table, row))

const remove = (table: Table, row: Row) => statement(`DELETE FROM ${table.name} ${where(table)}`, ...keyOf(table, row))

/** What is noted of a session without anybody's decision. */
const NOTED: Record<string, string[]> = { session: ['last_seen_at'] }
const gatedColumns = ({ name, columns }: Table) => columns.filter((column) => !NOTED[name]?.includes(column))

/** Every way SQL has to change a table. Only values of the row itself, so that no other rule is in the way. */
function writesOf(table: Table, row: Row): Record<string, D1PreparedStatement> {
  const next = fresh(table, row)
  const [column = ''] = table.columns.filter((candidate) => !table.key.includes(candidate)).concat(table.key)
  const same = row[column] ?? null
  const upsert = `ON CONFLICT (${table.key.join(', ')}) DO`
  // The values that only one row may have are other ones here: otherwise those would be the reason of the refusal.
  const sameKey = changed(
    row,
    table.unique.flat().filter((name) => !table.key.includes(name)),
  )
  return {
    INSERT: insert('INSERT', table, next),
    'INSERT OR IGNORE': insert('INSERT OR IGNORE', table, next),
    'INSERT OR REPLACE of a new row': insert('INSERT OR REPLACE', table, next),
    'INSERT OR REPLACE of a row that is there': insert('INSERT OR REPLACE', table, sameKey),
    REPLACE: insert('REPLACE', table, sameKey),
    'UPSERT that updates': insert('INSERT', table, sameKey, `${upsert} UPDATE SET ${column} = excluded.${column}`),
    'UPSERT that does nothing': insert('INSERT', table, sameKey, `${upsert} NOTHING`),
    'UPDATE OR REPLACE': update('UPDATE OR REPLACE', table, row, column, same),
    'UPDATE OR IGNORE': update('UPDATE OR IGNORE', table, row, column, same),
    'UPDATE of every row': statement(`UPDATE ${table.name} SET ${column} = ${column}`),
    ...Object.fromEntries(
      gatedColumns(table).map((name) => [`UPDATE of ${name}`, update('UPDATE', table, row, name, row[name] ?? null)]),
    ),
    DELETE: remove(table, row),
    'DELETE of every row': statement(`DELETE FROM ${table.name}`),
  }
}

/** Each write, alone in what surrounds it, is refused as unaudited, and the database is what it was. */
async function expectRefused(
  writes: Record<string, D1PreparedStatement>,
  surround: (write: D1PreparedStatement) => D1PreparedStatement[],
) {
  const before = await dump()
  for (const [what, write] of Object.entries(writes))
    expect([what, await refusalOf(surround(write))]).toEqual([what, expect.stringContaining('unaudited write')])
  expect(await dump()).toBe(before)
}

test('every table stands behind the gates, or on the list of those that do not, with a reason', async () => {
  const names = await tableNames()
  expect(Object.keys(EXEMPT_TABLES).filter((name) => !names.includes(name))).toEqual([])
  for (const reason of Object.values(EXEMPT_TABLES)) expect(reason.length).toBeGreaterThan(20)
  for (const name of GATED.filter((one) => !(one in LOG_COLUMNS)))
    expect([name, tables.get(name)?.key[0]]).toEqual([name, 'workspace_id'])
  expect(GATED).toEqual(expect.arrayContaining(['workspace', 'membership', 'monitor', 'status_page', 'api_key']))
})

describe.each(GATED)('the gate of %s', (name) => {
  let mine: string
  let theirs: string
  beforeAll(() => {
    mine = logOf(name, ours)
    theirs = logOf(name, others)
  })

  test('refuses every write that has no entry', async () => {
    const { table, row } = await rowOf(name)
    await expectRefused(writesOf(table, row), (write) => [write])
  })

  test('refuses a write before the entry opens', async () => {
    const { table, row } = await rowOf(name)
    const seq = await nextSeq(mine)
    await expectRefused(writesOf(table, row), (write) => [write, openEntry(mine, seq), closeEntry(mine, seq)])
  })

  test('refuses a write after the entry has closed', async () => {
    const { table, row } = await rowOf(name)
    const seq = await nextSeq(mine)
    await expectRefused(writesOf(table, row), (write) => [openEntry(mine, seq), closeEntry(mine, seq), write])
  })

  test('refuses a write under the entry of another workspace', async () => {
    const { table, row } = await rowOf(name)
    const seq = await nextSeq(theirs)
    await expectRefused(writesOf(table, row), (write) => [openEntry(theirs, seq), write, closeEntry(theirs, seq)])
  })

  test('refuses to move a row to another workspace, even when both have an entry open', async () => {
    const { table, row } = await rowOf(name)
    const [own, foreign] = [await nextSeq(mine), await nextSeq(theirs)]
    const open = [openEntry(mine, own), openEntry(theirs, foreign)]
    const close = [closeEntry(mine, own), closeEntry(theirs, foreign)]
    const moves = Object.fromEntries(
      ['UPDATE', 'UPDATE OR REPLACE', 'UPDATE OR IGNORE'].map((verb) => [
        verb,
        update(verb, table, row, logColumn(name), theirs),
      ]),
    )
    await expectRefused(moves, (write) => [...open, write, ...close])
    await expectRefused(moves, (write) => [open[1] ?? write, write, close[1] ?? write])
  })

  test('takes a write inside its own entry, so that it is the gate that refuses the others', async () => {
    const { table, row } = await rowOf(name)
    const seq = await nextSeq(mine)
    const column = table.columns.at(-1) ?? ''
    const write = update('UPDATE', table, row, column, row[column] ?? null)
    expect(await refusalOf([openEntry(mine, seq), write, closeEntry(mine, seq)])).toBeNull()
    expect(await nextSeq(mine)).toBe(seq + 1)
  })
})

describe('inside the open entry of one log', () => {
  const open = async (name: string) => {
    const mine = logOf(name, ours)
    const seq = await nextSeq(mine)
    return (write: D1PreparedStatement) => [openEntry(mine, seq), write, closeEntry(mine, seq)]
  }
  const rowsOfOthers = async () =>
    JSON.stringify(await Promise.all(GATED.map(async (name) => (await rowsOf(name)).filter(isOf(name, others)))))

  test('no value that only one row may have is taken from somebody else by replacing their row', async () => {
    const before = await rowsOfOthers()
    let tried = 0
    for (const name of GATED) {
      const { table, row } = await rowOf(name)
      const { row: other } = await rowOf(name, others)
      const log = logColumn(name)
      // A workspace's own key begins with its id; a person's does not.
      const keys = name in LOG_COLUMNS ? [table.key] : []
      for (const columns of [...keys, ...table.unique]) {
        tried++
        const taken = Object.fromEntries(columns.map((column) => [column, other[column] ?? null]))
        const intruder = { ...fresh(table, row), ...taken, [log]: logOf(name, ours) }
        for (const verb of ['INSERT OR REPLACE', 'REPLACE'])
          await refusalOf((await open(name))(insert(verb, table, intruder)))
        for (const column of columns.filter((candidate) => candidate !== log))
          await refusalOf((await open(name))(update('UPDATE OR REPLACE', table, row, column, other[column] ?? null)))
      }
    }
    expect(await rowsOfOthers()).toBe(before)
    // The address of a page, the open incident of a monitor, an e-mail, an identity, a session and its attempt.
    expect(tried).toBeGreaterThan(5)
  })

  test('no row can point at a row of another workspace', async () => {
    let tried = 0
    const inWorkspaces = GATED.filter((name) => !(name in LOG_COLUMNS))
    for (const name of inWorkspaces) {
      const { table, row } = await rowOf(name)
      const { row: other } = await rowOf(name, others)
      for (const { table: target, from } of table.foreignKeys.filter(({ table: to }) => inWorkspaces.includes(to))) {
        expect([name, target, from]).toEqual([name, target, expect.arrayContaining(['workspace_id'])])
        for (const column of from.filter((candidate) => candidate !== 'workspace_id')) {
          tried++
          const pointing = { ...fresh(table, row), [column]: other[column] ?? null }
          // The rest of a link's key is a real row of mine, so that only the one that is theirs is wrong.
          for (const kept of table.key.filter((part) => part !== column && isLink(table, part)))
            pointing[kept] = row[kept] ?? null
          const said = await refusalOf((await open(name))(insert('INSERT', table, pointing)))
          expect([name, column, said]).toEqual([name, column, expect.stringContaining('FOREIGN KEY')])
          const moved = await refusalOf((await open(name))(update('UPDATE', table, row, column, other[column] ?? null)))
          expect([name, column, moved]).toEqual([name, column, expect.stringContaining('FOREIGN KEY')])
        }
      }
    }
    expect(tried).toBeGreaterThan(4)
  })
})

const isLink = ({ foreignKeys }: Table, column: string) => foreignKeys.some(({ from }) => from.includes(column))
