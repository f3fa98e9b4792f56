import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { ask, type Person, workspaceOf } from './candor.ts'
import { rowsOf, tableNames } from './database.ts'
import { monitoringOf } from './monitoring.ts'
import { searchable } from './spellings.ts'

const DAY_MS = 86_400_000

/** The clock stands still so many days from now; `vi.useRealTimers()` lets it go on. */
export const daysLater = (days: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY_MS })

export const nameOf = async (person: Person): Promise<string> =>
  (await ask('GET', '/v1/workspace', { as: person })).body.name

/** Somebody deletes the workspace that they are in, as the API takes it. */
export const deleteIt = async (person: Person) =>
  ask('DELETE', '/v1/workspace', { as: person, body: { name: await nameOf(person) } })

/** An alarm of an object rings now. */
export async function ring(stub: DurableObjectStub): Promise<void> {
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + DAY_MS))
  await runDurableObjectAlarm(stub)
}

export const isGone = (stub: DurableObjectStub): Promise<boolean> =>
  runInDurableObject(stub, (_, { storage }) => storage.kv.get('gone') === true)

/** What an object keeps: its values, and the rows of its tables. */
export const keptIn = (
  stub: DurableObjectStub,
): Promise<{ values: unknown[]; rows: unknown[]; alarm: number | null }> =>
  runInDurableObject(stub, async (_, { storage }) => {
    const named = storage.sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).toArray()
    const tables = named.filter(({ name }) => !/^(?:sqlite_|_cf_)/.test(name))
    return {
      values: [...storage.kv.list()],
      rows: tables.flatMap(({ name }) => storage.sql.exec(`SELECT * FROM ${name}`).toArray()),
      alarm: await storage.getAlarm(),
    }
  })

/** Everything that is kept anywhere, to be searched: all tables, and the two objects of a workspace. */
export async function everythingKept({ workspaceId }: Pick<Person, 'workspaceId'>): Promise<string> {
  const kept: string[] = []
  for (const name of await tableNames()) kept.push(searchable(await rowsOf(name)))
  for (const stub of [workspaceOf(workspaceId), monitoringOf(workspaceId)]) kept.push(searchable(await keptIn(stub)))
  return kept.join('\n')
}

export const deploymentReceipt = (workspaceId: Person['workspaceId']) =>
  env.DEPLOYMENT_LOG.get(env.DEPLOYMENT_LOG.idFromName('deployment')).receipt(workspaceId)
