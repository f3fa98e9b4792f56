import { evictDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { appendToRange, joinRange, splitRange } from '../../shared/domain/merkle.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import {
  closeEntry,
  dump,
  leafText,
  openEntry,
  pastTheGates,
  refusalOf,
  statement,
  tableNames,
} from '../lib/database.ts'
import { answerIsLost, commits, neverArrives } from '../lib/faults.ts'
import { readLog, type StoredEntry, soundLog } from '../lib/log.ts'
import { naiveLeafHash } from '../lib/rfc6962.ts'
import { bySystem, CAUSE, made, newSlug, settled } from '../lib/world.ts'

let person: Person
let token: string
let logId: string
let monitorId: string
let log: StoredEntry[]
let said: string[]
beforeEach(async () => {
  person = await newPerson()
  logId = person.workspaceId
  token = (await newApiKey(person)).token
  monitorId = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
  for (const name of ['One', 'Two', 'Three']) await made(person, 'workspace.rename', { name })
  await settled()
  log = await soundLog(logId)
  said = []
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

const rename = (key?: string) =>
  ask('PATCH', '/v1/workspace', {
    as: token,
    body: { name: 'After' },
    ...(key && { headers: { 'idempotency-key': key } }),
  })

/** Deletes the entries from a sequence on, as only somebody with the database in their hands can. */
const cutFrom = (seq: number) =>
  ['audit_body', 'audit_log'].map((table) =>
    statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= ?`, logId, seq),
  )

const put = ({ seq, text, leafHash, range }: StoredEntry) => [
  statement('INSERT INTO audit_body (log_id, seq, leaf) VALUES (?, ?, ?)', logId, seq, text),
  statement('INSERT INTO audit_log (log_id, seq, leaf_hash, range) VALUES (?, ?, ?, ?)', logId, seq, leafHash, range),
]

/** An entry with other words, its hash and its range made anew, so that it fits to what stands before it. */
async function forged(seq: number, text: string, earlier: StoredEntry[]): Promise<StoredEntry> {
  const leafHash = await naiveLeafHash(new TextEncoder().encode(text))
  const before = Uint8Array.from(earlier[seq - 1]?.range ?? [])
  const range = joinRange(await appendToRange(splitRange(before), seq, leafHash))
  return { seq, text, leaf: JSON.parse(text), leafHash: [...leafHash], range: [...range], person: null }
}

/** All but what the log's own check has to say: test/audit/finding.test.ts. */
const dumpBesidesFinding = async () => dump((await tableNames()).filter((name) => name !== 'log_finding'))

/** Every change is refused, in words, by every way in; nothing is written; and pages are still read. */
async function expectRefused() {
  const before = await dumpBesidesFinding()
  for (let round = 0; round < 2; round++) {
    for (const answer of [await rename(), await rename('under-a-key')]) {
      expect([answer.status, answer.body.code]).toEqual([503, 'log_tampered'])
      expect(answer.body.detail).toContain('does not match its own copy')
    }
    const outage = { monitorId, startedAt: Date.now(), cause: CAUSE }
    expect(await bySystem(person, 'incident.open', outage)).toMatchObject({ ok: false, code: 'log_tampered' })
    expect((await ask('POST', `/monitors/${monitorId}/pause`, { as: person, form: {} })).status).toBe(503)
    // A new start of the object changes nothing about it: the copy is kept.
    await evictDurableObject(workspaceOf(person.workspaceId))
  }
  expect(await dumpBesidesFinding()).toBe(before)
  expect(said.filter((line) => line.includes('"event":"audit.tampered"')).length).toBeGreaterThan(0)
  expect((await ask('GET', '/v1/monitors', { as: token })).status).toBe(200)
}

describe('no change is made any more on a log', () => {
  test('whose last entry was cut off', async () => {
    await pastTheGates(cutFrom(log.length - 1))
    // What is left is sound: nobody could tell from the database alone.
    expect(await soundLog(logId)).toEqual(log.slice(0, -1))
    await expectRefused()
  })

  test('that was rolled back to an older state', async () => {
    await pastTheGates(cutFrom(2))
    expect(await soundLog(logId)).toEqual(log.slice(0, 2))
    await expectRefused()
  })

  test('that was emptied', async () => {
    await pastTheGates(cutFrom(0))
    await expectRefused()
  })

  test('whose last entry was replaced by another that fits', async () => {
    const seq = log.length - 1
    const other = await forged(seq, log[seq]?.text.replace('"Three"', '"Never"') ?? '', log)
    await pastTheGates([...cutFrom(seq), ...put(other)])
    await expectRefused()
  })

  test('in which an older entry was rewritten, and all after it made anew', async () => {
    const [, second] = log
    const rewritten = [log[0] ?? expect.unreachable()]
    rewritten.push(await forged(1, second?.text.replace(/"at":\d+/, '"at":1') ?? '', rewritten))
    for (const { seq, text } of log.slice(2)) rewritten.push(await forged(seq, text, rewritten))
    await pastTheGates([...cutFrom(1), ...rewritten.slice(1).flatMap(put)])
    expect(await readLog(logId)).toHaveLength(log.length)
    await expectRefused()
  })

  test('to which somebody else has put an entry, gates or no gates', async () => {
    const next = await forged(log.length, leafText(logId, log.length), log)
    const [body, spine] = put(next)
    expect(await refusalOf([body ?? expect.unreachable(), spine ?? expect.unreachable()])).toBeNull()
    await expectRefused()
  })

  test('whose newest entry has a range that nobody computed', async () => {
    await pastTheGates([
      ...cutFrom(log.length - 1),
      openEntry(logId, log.length - 1),
      closeEntry(logId, log.length - 1),
    ])
    await expectRefused()
  })

  test('that was cut while the answer to a change was missing', async () => {
    commits(answerIsLost)
    expect((await rename()).status).toBe(503)
    await pastTheGates(cutFrom(log.length - 1))
    await expectRefused()
  })

  test('that was replaced while a change was on its way', async () => {
    commits(neverArrives)
    expect((await rename()).status).toBe(503)
    const next = await forged(log.length, leafText(logId, log.length), log)
    await pastTheGates(put(next))
    await expectRefused()
  })
})

test('a log that is put back as it was is taken again', async () => {
  await pastTheGates(cutFrom(2))
  await expectRefused()
  await pastTheGates(log.slice(2).flatMap(put))
  expect(await soundLog(logId)).toEqual(log)
  expect((await rename()).status).toBe(200)
  expect(await soundLog(logId)).toHaveLength(log.length + 1)
})

test('one workspace’s log that was tampered with stops no other workspace', async () => {
  const other = await newPerson('Grace Hopper')
  await pastTheGates(cutFrom(2))
  await expectRefused()
  await made(other, 'workspace.rename', { name: 'Goes on' })
  expect(await soundLog(other.workspaceId)).toHaveLength(2)
})

test('a change that was refused cannot be put into the log afterwards: its refusal stands in its place', async () => {
  const page = { title: 'Shop', slug: newSlug() }
  await made(person, 'status_page.create', page)
  let again: () => Promise<unknown> = async () => undefined
  commits((send) => {
    again = send
    return send()
  })
  expect((await ask('POST', '/v1/status-pages', { as: token, body: page })).status).toBe(409)
  await pastTheGates([statement('DELETE FROM status_page WHERE workspace_id = ?', logId)])
  await expect(again()).rejects.toThrow('audit entry is not the head')
  expect((await rename()).status).toBe(200)
})
