import { env } from 'cloudflare:workers'
import { SQLiteD1Session } from 'drizzle-orm/d1'
import { database } from '../../workers/app/db/client.ts'
import { tracesOf } from '../../workers/app/services/account-ending/rows.ts'
import { tableNames } from './database.ts'
import { type Lookup, StatementInspector, type Tenancy } from './statements.ts'

/** Columns that say whose a row is. A log is a workspace's or a person's. */
const TENANT_COLUMNS = ['workspace_id', 'log_id']

/** Tables that have such a column, and are not a tenant's. */
export const NOT_A_TENANTS: Record<string, string> = {
  session: 'belongs to a person, and notes in which workspace they go on',
}

/** What is known before the workspace is: each leads to the workspaces of whoever asks, or to what is public. */
export const LOOKUPS: Lookup[] = [
  { table: 'membership', by: 'user_id', why: 'a person’s own workspaces' },
  { table: 'invitation', by: 'email', why: 'invitations to the address that a person has proved to have' },
  { table: 'status_page', by: 'slug', why: 'the address of a public page, which is the same for everybody' },
]

const sealedUnder = (table: string, column: string) =>
  `select lower(hex(substr("${column}", 2, 4))) as "kid", "workspace_id", count(*) from "${table}" where "${table}"."${column}" is not null group by lower(hex(substr("${table}"."${column}", 2, 4))), "${table}"."workspace_id"`

/** Statements over all workspaces, to the letter. None is made for somebody who asks for a workspace. */
export const OF_ALL_WORKSPACES: Record<string, string> = {
  'select distinct "workspace_id" from "monitor" where "monitor"."active" = ?':
    'the watchdog of each minute asks which workspaces have something to check',
  'select distinct "workspace_id" from "monitor" where ("monitor"."workspace_id" > ? and ("monitor"."headers" is not null or "monitor"."body" is not null)) order by "monitor"."workspace_id" limit ?':
    'the operator asks which schedulers hold sealed copies',
  [sealedUnder('monitor', 'headers')]: 'the operator asks how much is sealed under each key',
  [sealedUnder('monitor', 'body')]: 'the operator asks how much is sealed under each key',
  [sealedUnder('integration', 'sealed_config')]: 'the operator asks how much is sealed under each key',
  [tracesOf(database(env.DB), '', 1).toSQL().sql]:
    'the end of an account asks which workspaces name the person whose it was, to take them out there',
}

/** Whose the rows of each table are, as the database itself says. */
export async function tenancy(): Promise<Tenancy> {
  const tables = (await tableNames()).filter((table) => !(table in NOT_A_TENANTS))
  const described = await env.DB.batch<{ name: string }>(
    tables.map((table) => env.DB.prepare(`PRAGMA table_info(${table})`)),
  )
  const tenants = described.map(({ results }) => results.find(({ name }) => TENANT_COLUMNS.includes(name))?.name)
  return new Map(tables.flatMap((table, i) => (tenants[i] === undefined ? [] : [[table, tenants[i]]])))
}

let inspector: StatementInspector | undefined
const known = new Map<string, string[]>()
let found: string[] = []

function complaintsAbout(sql: string): string[] {
  const complaints = known.get(sql) ?? (sql in OF_ALL_WORKSPACES ? [] : (inspector?.complaints(sql) ?? []))
  known.set(sql, complaints)
  return complaints
}

/** From now on no statement that Drizzle makes is sent without its tenants: it throws, and is noted. */
export async function inspectStatements(): Promise<void> {
  if (inspector !== undefined) return
  inspector = new StatementInspector(await tenancy(), LOOKUPS)
  const { prepareQuery } = SQLiteD1Session.prototype
  SQLiteD1Session.prototype.prepareQuery = function (...args) {
    const { sql } = args[0]
    const complaints = complaintsAbout(sql)
    if (complaints.length > 0) {
      found.push(`${complaints.join(', ')}: ${sql}`)
      throw new Error(complaints.join(', '))
    }
    return prepareQuery.apply(this, args)
  }
}

/** What was noted since the last time. */
export function complaintsSoFar(): string[] {
  const all = found
  found = []
  return all
}
