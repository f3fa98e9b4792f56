import {
  createExecutionContext,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { AuditFilter } from '../../shared/contracts/audit.ts'
import { appendToRange, joinRange, leafHash, splitRange } from '../../shared/domain/merkle.ts'
import { type VerifyOptions, verifyExport } from '../../shared/domain/verify/verify-export.ts'
import type { WorkspaceId } from '../../shared/ids.ts'
import { configOf, type Env } from '../../workers/app/bindings.ts'
import { database } from '../../workers/app/db/client.ts'
import { edge } from '../../workers/app/edge/app.ts'
import { exportNdjson } from '../../workers/app/services/audit/export.ts'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { workspaceLog } from '../../workers/app/services/log/rows.ts'
import type { LogState } from '../../workers/app/workspace/checker.ts'
import type { Head } from '../../workers/app/workspace/head.ts'
import { type accountOf, ask, MONITOR, newPerson, ORIGIN, type Person, signedIn, workspaceOf } from './candor.ts'
import { leafText, nextSeq, pastTheGates, statement } from './database.ts'
import { made } from './world.ts'

const DAY_MS = 86_400_000

async function* linesOf(text: string): AsyncIterable<string> {
  yield* text.replace(/\n$/, '').split('\n')
}

export const verify = (text: string, options?: VerifyOptions) => verifyExport(linesOf(text), options)

/** `sound`, or what was found and at which entry, or within how many. */
export async function verdictOf(text: string, options?: VerifyOptions): Promise<string> {
  const { verdict, entry, within } = await verify(text, options)
  return entry !== null ? `${verdict} at ${entry}` : within !== null ? `${verdict} within ${within}` : verdict
}

const app = edge()

export interface Served {
  status: number
  headers: Headers
  bytes: Uint8Array
  text: string
}

/** A reading request, whose answer is left to be read: by bytes, or piece by piece. */
export async function served(as: Person | string, path: string, bindings: Env = env): Promise<Response> {
  const context = createExecutionContext()
  const headers: Record<string, string> =
    typeof as === 'string' ? { authorization: `Bearer ${as}` } : { cookie: as.cookie, origin: ORIGIN }
  const response = await app.request(ORIGIN + path, { headers }, bindings, context)
  await waitOnExecutionContext(context)
  return response
}

/** The whole answer, as the bytes that it is. */
export async function get(as: Person | string, path: string, bindings: Env = env): Promise<Served> {
  const { status, headers, body } = await served(as, path, bindings)
  const bytes = new Uint8Array(await new Response(body).arrayBuffer())
  return { status, headers, bytes, text: new TextDecoder().decode(bytes) }
}

export const exportPath = (query: Record<string, string> = {}) =>
  `/v1/audit-logs/export?${new URLSearchParams({ format: 'ndjson', ...query })}`

/** An export over the API, which has to succeed. */
export async function exported(as: Person | string, query: Record<string, string> = {}): Promise<string> {
  const { status, text } = await get(as, exportPath(query))
  if (status !== 200) throw new Error(`The export answered ${status}: ${text}`)
  return text
}

/** What the product would export of a log as it stands in the database, whether the log takes an entry of it or not. */
export async function storedExport(workspaceId: WorkspaceId, filter: AuditFilter = {}): Promise<string> {
  const { checkpointer } = configOf(env)
  const log = workspaceLog(workspaceId)
  const order = { logId: workspaceId, log, filter, size: await nextSeq(workspaceId), checkpointer, now: Date.now() }
  let text = ''
  for await (const line of exportNdjson(database(env.DB), order)) text += line
  return text
}

export const checkpointOf = async (as: Person | string, size?: number): Promise<string> =>
  (await ask('GET', `/v1/audit/checkpoint${size === undefined ? '' : `?size=${size}`}`, { as })).text

/** The key that signs a workspace's checkpoints now. */
export const vkeyOf = async (as: Person | string): Promise<string> =>
  (await ask('GET', '/v1/audit/keys', { as })).body.data[0].vkey

/** Tonight's check of the log, step by step until it is done. Answers how the log stands by it. */
export const nightlyPass = (workspaceId: WorkspaceId): Promise<LogState> => nightOf(workspaceOf(workspaceId))

export async function nightOf(stub: ReturnType<typeof workspaceOf> | ReturnType<typeof accountOf>): Promise<LogState> {
  await runInDurableObject(stub, (_, { storage }) => storage.kv.put('nextCheck', 0))
  const isDue = () => runInDurableObject(stub, (_, { storage }) => Number(storage.kv.get('nextCheck')) <= Date.now())
  while (await isDue()) {
    await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + DAY_MS))
    await runDurableObjectAlarm(stub)
  }
  return stub.logState()
}

/** What the page of the log says in red; null when it says nothing. */
export async function bannerOf(as: Person): Promise<string | null> {
  const { status, text } = await ask('GET', '/audit-logs', { as })
  if (status !== 200) throw new Error(`The page answered ${status}.`)
  return /This log does not verify: ([^<]*)\./.exec(text)?.[1] ?? null
}

export const setPlan = ({ workspaceId }: Person, plan: 'free' | 'pro') =>
  pastTheGates([statement('UPDATE workspace SET plan = ? WHERE workspace_id = ?', plan, workspaceId)])

/** Somebody else in a person's workspace: invitations have tests of their own. */
export async function newMember({ workspaceId }: Person, role = 'member', name = 'Grace Hopper'): Promise<Person> {
  const { userId } = await newPerson(name)
  await pastTheGates([statement('INSERT INTO membership VALUES (?, ?, ?, ?)', workspaceId, userId, role, Date.now())])
  return signedIn(workspaceId, userId)
}

/** Entries of one statement that puts many of them. */
const PART = 500

interface Grown {
  seq: number
  leaf: string
  hash: string
  range: string
}

const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const putMany = (logId: string, rows: Grown[]): D1PreparedStatement[] => {
  const json = JSON.stringify(rows)
  return [
    statement(
      `INSERT INTO audit_body (log_id, seq, leaf) SELECT ?, value ->> 'seq', value ->> 'leaf' FROM json_each(?)`,
      logId,
      json,
    ),
    statement(
      `INSERT INTO audit_log (log_id, seq, leaf_hash, range) SELECT ?, value ->> 'seq', unhex(value ->> 'hash'), unhex(value ->> 'range') FROM json_each(?)`,
      logId,
      json,
    ),
  ]
}

/**
 * Lets a log grow by many entries at once, past the gates but with right hashes, as if its writer had written them: its
 * own copy of the head goes with it. `leafOf` says what an entry has that others have not. Answers all leaves added.
 */
export async function growLog(
  workspaceId: WorkspaceId,
  count: number,
  leafOf: (seq: number) => Record<string, unknown> = () => ({}),
): Promise<string[]> {
  const first = await nextSeq(workspaceId)
  const last = await statement(
    'SELECT range FROM audit_log WHERE log_id = ? AND seq = ?',
    workspaceId,
    first - 1,
  ).first<{
    range: number[]
  }>()
  let range = splitRange(Uint8Array.from(last?.range ?? []))
  const rows: Grown[] = []
  let at = 0
  for (let seq = first; seq < first + count; seq++) {
    const changes = { at: Date.now(), ...leafOf(seq) }
    at = changes.at
    const leaf = leafText(workspaceId, seq, changes)
    const hash = await leafHash(new TextEncoder().encode(leaf))
    range = await appendToRange(range, seq, hash)
    rows.push({ seq, leaf, hash: hexOf(hash), range: hexOf(joinRange(range)) })
  }
  const statements: D1PreparedStatement[] = []
  for (let i = 0; i < rows.length; i += PART) statements.push(...putMany(workspaceId, rows.slice(i, i + PART)))
  await pastTheGates(statements)
  const head: Head = { size: first + count, range: joinRange(range), at }
  // Started anew before, so that it stores no older head over this one, and after, so that it reads it.
  const object = workspaceOf(workspaceId)
  await runInDurableObject(object, () => undefined)
  await evictDurableObject(object)
  await runInDurableObject(object, (_, { storage }) => storage.kv.put('head', head))
  await evictDurableObject(object)
  return rows.map(({ leaf }) => leaf)
}

/** Days after which the texts of a paying workspace's entries are older than they are kept. */
export const KEPT_DAYS = LIMITS.pro.auditDays

/** Somebody whose workspace was made, and changed a little, longer ago than entries are kept. They sign in again now. */
export async function oldLog(days = KEPT_DAYS + 1): Promise<Person> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - days * DAY_MS })
  try {
    const person = await newPerson()
    for (const name of ['One', 'Two', 'Three']) await made(person, 'monitor.create', { ...MONITOR, name })
    vi.useRealTimers()
    return await signedIn(person.workspaceId, person.userId)
  } finally {
    vi.useRealTimers()
  }
}
