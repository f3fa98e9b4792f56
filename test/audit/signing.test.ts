import { evictDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { appendToRange, joinRange, leafHash, splitRange } from '../../shared/domain/merkle.ts'
import { checkpointOf, exportPath, get, growLog } from '../lib/audit.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { closeEntry, leafText, nextSeq, openEntry, pastTheGates, statement } from '../lib/database.ts'
import { answerIsLost, commits, neverArrives } from '../lib/faults.ts'
import { type StoredEntry, soundLog } from '../lib/log.ts'
import { DASHBOARD_ROUTES, EXPORTS, pathTo, READS } from '../lib/routes.ts'
import { made, settled } from '../lib/world.ts'

let person: Person
let token: string
let log: StoredEntry[]
beforeEach(async () => {
  person = await newPerson()
  token = (await newApiKey(person)).token
  for (const name of ['One', 'Two', 'Three', 'Four']) await made(person, 'workspace.rename', { name })
  // Whoever reads is noted already, so that reading alone changes nothing below.
  for (const as of [person, token]) await get(as, '/v1/audit-logs')
  await settled()
  log = await soundLog(person.workspaceId)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

const isSigned = (text: string) => /\u2014 localhost:8787\/audit\/\S+ [A-Za-z0-9+/]{90,}/u.test(text)

/** Everything that can be read: the API's queries at several places of the log, the exports, and the pages. */
function doors(): [path: string, as: Person | string][] {
  const reads = READS.map(({ path }) => pathTo(path, person.workspaceId))
  const older = log.flatMap((_, seq) => [`/v1/audit/proof/${seq}`, `/v1/audit/checkpoint?size=${seq + 1}`])
  // Those of the person's own log are the doors of another one.
  const own = DASHBOARD_ROUTES.filter(({ method, path }) => method === 'GET' && !path.startsWith('/account'))
  const pages = own.map(({ path }) => pathTo(path, person.workspaceId))
  const files = EXPORTS.map((route) => route.split(' ')[1] ?? '')
  const api = [...reads, ...older, ...files, exportPath()]
  return [
    ...api.map((path): [string, string] => [path, token]),
    ...pages.map((path): [string, Person] => [path, person]),
  ]
}

async function signingDoors(): Promise<string[]> {
  const open: string[] = []
  for (const [path, as] of doors()) {
    const text = await get(as, path).then(
      (answer) => answer.text,
      () => '',
    )
    if (isSigned(text)) open.push(path)
  }
  return open
}

const cutFrom = (seq: number) =>
  ['audit_body', 'audit_log'].map((table) =>
    statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= ?`, person.workspaceId, seq),
  )

/** Entries from a sequence on with other texts, hashed anew, so that the log fits itself. */
async function rewrittenFrom(seq: number, to = log.length): Promise<D1PreparedStatement[]> {
  const statements = cutFrom(seq)
  let range = splitRange(Uint8Array.from(log[seq - 1]?.range ?? []))
  for (let at = seq; at < to; at++) {
    const leaf = leafText(person.workspaceId, at, { action: 'test.forged' })
    const hash = await leafHash(new TextEncoder().encode(leaf))
    range = await appendToRange(range, at, hash)
    statements.push(
      openEntry(person.workspaceId, at, leaf),
      statement(
        'INSERT INTO audit_log (log_id, seq, leaf_hash, range) VALUES (?, ?, ?, ?)',
        ...[person.workspaceId, at, hash, joinRange(range)],
      ),
    )
  }
  return statements
}

test('there are doors that sign, and all of them do while the log is its own', async () => {
  const open = await signingDoors()
  expect(open).toContain('/v1/audit/checkpoint')
  expect(open).toContain('/v1/audit/proof/0')
  expect(open).toContain(exportPath())
  expect(open).toContain('/audit-logs/verification')
  expect(open).not.toContain('/audit-logs')
})

describe('nothing is signed, by no door,', () => {
  test.each([
    ['when the last entry was cut off', async () => cutFrom(log.length - 1)],
    ['when the log was rolled back', async () => cutFrom(3)],
    ['when the log was emptied', async () => cutFrom(0)],
    ['when the last entry was replaced by another that fits', () => rewrittenFrom(log.length - 1)],
    ['when the log was rewritten from its second entry on', () => rewrittenFrom(1)],
    ['when an entry was put behind the last one', () => rewrittenFrom(log.length, log.length + 1)],
    [
      'when the newest entry has a range that nobody computed',
      async () => [
        ...cutFrom(log.length - 1),
        openEntry(person.workspaceId, log.length - 1),
        closeEntry(person.workspaceId, log.length - 1),
      ],
    ],
  ])('%s', async (_, harm) => {
    await pastTheGates(await harm())
    expect(await signingDoors()).toEqual([])
    const { status, body } = await ask('GET', '/v1/audit/checkpoint', { as: token })
    expect([status, body.code]).toEqual([503, 'log_tampered'])
    expect(body.detail).toBe(
      'This audit log does not match its own copy. Nothing of it is signed until an operator has looked into it.',
    )
    const { status: shown, text } = await ask('GET', '/audit-logs/verification', { as: person })
    expect([shown, text.includes('Nothing is signed')]).toEqual([200, true])
    await evictDurableObject(workspaceOf(person.workspaceId))
    expect((await ask('GET', '/v1/audit/checkpoint', { as: token })).status).toBe(503)
  })
})

test('a root of the past that somebody wrote into the log is not signed, though its end is right', async () => {
  const forged = joinRange([new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)])
  await pastTheGates([
    statement('UPDATE audit_log SET range = ? WHERE log_id = ? AND seq = 2', forged, person.workspaceId),
  ])
  for (const path of ['/v1/audit/checkpoint?size=3', '/v1/audit/proof/2'])
    expect([path, (await get(token, path)).status]).toEqual([path, 503])
  expect((await get(token, '/v1/audit/checkpoint')).status).toBe(200)
})

test('every size of a log of hundreds of entries is signed', async () => {
  await growLog(person.workspaceId, 300)
  const size = await nextSeq(person.workspaceId)
  for (let at = 0; at <= size; at += at < 20 ? 1 : 37) expect(isSigned(await checkpointOf(token, at))).toBe(true)
  expect(isSigned(await checkpointOf(token, size))).toBe(true)
})

describe('no false alarm', () => {
  test('while changes are made at the same time, whoever asks and for whatever size', async () => {
    const change = (i: number) => made(person, 'monitor.create', { ...MONITOR, name: `Monitor ${i}` })
    const changes = Array.from({ length: 60 }, (_, i) => change(i))
    const asked: number[] = []
    let running = true
    const reader = async () => {
      while (running) {
        const paths = ['/v1/audit/checkpoint', '/v1/audit/checkpoint?size=3', '/v1/audit/proof/1']
        for (const path of paths) asked.push((await get(token, path)).status)
        asked.push((await get(token, `/v1/audit/proof/${(await nextSeq(person.workspaceId)) - 1}`)).status)
      }
    }
    const readers = Array.from({ length: 4 }, reader)
    for (let i = 60; i < 80; i++) await change(i)
    await Promise.all(changes)
    running = false
    await Promise.all(readers)
    expect(asked.length).toBeGreaterThan(20)
    expect(new Set(asked)).toEqual(new Set([200]))
  })

  test('after a change whose answer was lost, and one that never arrived', async () => {
    commits(answerIsLost)
    expect((await ask('PATCH', '/v1/workspace', { as: token, body: { name: 'Lost' } })).status).toBe(503)
    expect(isSigned(await checkpointOf(token))).toBe(true)
    expect((await ask('PATCH', '/v1/workspace', { as: token, body: { name: 'Then' } })).status).toBe(200)
    vi.restoreAllMocks()
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    commits(neverArrives)
    expect((await ask('PATCH', '/v1/workspace', { as: token, body: { name: 'Never' } })).status).toBe(503)
    await evictDurableObject(workspaceOf(person.workspaceId))
    expect(isSigned(await checkpointOf(token))).toBe(true)
  })
})
