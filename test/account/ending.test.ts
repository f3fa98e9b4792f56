import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { newMember, storedExport, verdictOf } from '../lib/audit.ts'
import {
  accountOf,
  ask,
  emailOf,
  MONITOR,
  NO_CLIENT,
  newApiKey,
  newPerson,
  type Person,
  signedIn,
  workspaceOf,
} from '../lib/candor.ts'
import { dumpBesidesLog, nextSeq, openEntry, refusalOf, rowsOf, statement } from '../lib/database.ts'
import { daysLater, isGone, keptIn, ring } from '../lib/ending.ts'
import { answerIsLost, commits, databaseIsGone, neverArrives } from '../lib/faults.ts'
import { readLog, soundLog } from '../lib/log.ts'
import { canary } from '../lib/spellings.ts'
import { leavesOf } from '../lib/varied-log.ts'
import { made, settled } from '../lib/world.ts'

/** Grace owns a workspace to which Ada belongs; Ada has one of her own, in which nobody else is. */
let grace: Person
let ada: Person
let own: Person['workspaceId']
let name: string
let key: { token: string; id: string }
beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  grace = await newPerson('Grace Hopper')
  name = `Ada ${canary()}`
  ada = await newMember(grace, 'admin', name)
  own = (await rowsOf('membership')).find((row) => row.user_id === ada.userId && row.role === 'owner')
    ?.workspace_id as Person['workspaceId']
  key = await newApiKey(ada)
  await made(ada, 'monitor.create', MONITOR)
  await made(ada, 'invitation.create', { email: `${newId('user').toLowerCase()}@guest.test` })
  await settled()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const account = () => accountOf(ada.userId)
const deleteIt = (as = ada) => ask('POST', '/account/delete', { as, form: { confirm: emailOf(as.userId) } })
const keep = (as: Person) => ask('POST', '/account/keep', { as, form: {} })
const again = () => signedIn(grace.workspaceId, ada.userId)
const rows = async () =>
  (await dumpBesidesLog())
    .split('\n')
    .filter((row) => !/^(?:delivery|outbox|api_key_use|session) /.test(row))
    .map((row) => row.replace(/"last_used_at":\d+/, '"last_used_at":0'))
    .join('\n')
const sessions = async () => (await rowsOf('session')).filter((row) => row.user_id === ada.userId).length
const isEnding = async (id: string) =>
  (await rowsOf('workspace')).find((row) => row.workspace_id === id)?.ends_at !== null

describe('nobody deletes an account by mistake', () => {
  test('another address is refused, and what was typed stands there', async () => {
    const before = await rows()
    const { status, text } = await ask('POST', '/account/delete', { as: ada, form: { confirm: 'ada@other.test' } })
    expect([status, text]).toEqual([422, expect.stringContaining('value="ada@other.test"')])
    expect([await rows(), await sessions()]).toEqual([before, 2])
  })

  test('whoever owns what others use is told to hand it over or delete it first', async () => {
    const before = await rows()
    const { text } = await ask('GET', '/account/delete', { as: grace })
    expect(text).toContain('First hand over or delete')
    const answer = await deleteIt(grace)
    expect([answer.status, answer.text]).toEqual([
      422,
      expect.stringContaining('You own Grace Hopper&#39;s workspace, where others'),
    ])
    expect(await rows()).toBe(before)
  })

  test('the page says what goes with it, what stays and until when', async () => {
    const { text } = await ask('GET', '/account/delete', { as: ada })
    for (const part of [`${name}&#39;s workspace`, 'What stays', 'sign in again', emailOf(ada.userId)])
      expect(text.replaceAll('<wbr/>', '')).toContain(part)
  })
})

describe('an account that was deleted', () => {
  test('signs its person out everywhere, and all that is left to do is to keep it', async () => {
    const { status, headers } = await deleteIt()
    expect([status, headers.get('location'), await sessions()]).toEqual([303, '/sign-in', 0])
    expect((await ask('GET', '/monitors', { as: ada })).headers.get('location')).toContain('/sign-in')
    const back = await again()
    for (const path of ['/monitors', '/account', '/workspaces', '/account/log']) {
      const answer = await ask('GET', path, { as: back })
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 303, '/account/ending'])
    }
    const api = await ask('GET', '/v1/monitors', { as: back })
    expect([api.status, api.body.code]).toEqual([403, 'account_ending'])
    expect((await ask('POST', '/v1/monitors', { as: back, body: MONITOR })).status).toBe(403)
    const page = await ask('GET', '/account/ending', { as: back })
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Keep my account')])
    expect((await ask('GET', '/account/ending', { as: grace })).headers.get('location')).toBe('/account')
  })

  test('takes the workspace along in which nobody else is, and leaves the others alone until its end', async () => {
    await deleteIt()
    expect([await isEnding(own), await isEnding(grace.workspaceId)]).toEqual([true, false])
    await settled()
    expect((await ask('GET', '/v1/monitors', { as: key.token })).status).toBe(200)
    const [entry] = (await soundLog(own)).slice(-1)
    expect(entry?.leaf).toMatchObject({
      action: 'workspace.delete',
      actor: { type: 'system', id: 'account' },
      person: null,
    })
  })

  test('is written to, by the outbox of the workspace in which that was done', async () => {
    await deleteIt()
    await ring(workspaceOf(grace.workspaceId))
    await settled()
    const events = (await rowsOf('delivery')).filter((row) => row.workspace_id === grace.workspaceId)
    expect(events.map(({ event }) => event)).toContain('mail.account_ending')
  })

  test('is kept on the sixth day, and everything is as it was', async () => {
    const before = await rows()
    await deleteIt()
    await settled()
    daysLater(6)
    const back = await again()
    expect((await keep(back)).headers.get('location')).toBe('/account')
    await settled()
    expect(await rows()).toBe(before)
    expect((await ask('GET', '/monitors', { as: back })).status).toBe(200)
    daysLater(2)
    await ring(account())
    expect(await rows()).toBe(before)
    const actions = (await leavesOf(ada.userId)).map(({ leaf }) => leaf.action)
    expect(actions).toEqual(expect.arrayContaining(['account.delete', 'account.keep']))
  })

  test('does not take back what its person had deleted before', async () => {
    const there = await signedIn(own, ada.userId)
    const { body } = await ask('GET', '/v1/workspace', { as: there })
    await made(there, 'workspace.delete', { name: body.name })
    await deleteIt()
    await keep(await again())
    expect(await isEnding(own)).toBe(true)
  })

  test('cannot be kept on the eighth day, even when its end is late', async () => {
    await deleteIt()
    daysLater(6)
    const back = await again()
    daysLater(1.01)
    const before = await rows()
    expect((await keep(back)).headers.get('location')).toContain('/sign-in')
    expect((await ask('GET', '/account/ending', { as: back })).headers.get('location')).toContain('/sign-in')
    await expect(again()).rejects.toThrow('just being deleted')
    expect(await rows()).toBe(before)
  })

  test('gets no workspace handed over', async () => {
    await deleteIt()
    const answer = await ask('POST', '/v1/workspace/transfer', { as: grace, body: { userId: ada.userId } })
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining('deleting their account')])
  })
})

/** Deleted so long ago that nobody can keep it any more, and what is only hers has ended. */
async function over(): Promise<void> {
  expect((await deleteIt()).status).toBe(303)
  await settled()
  daysLater(7.01)
  await ring(workspaceOf(own))
  expect(await isGone(workspaceOf(own))).toBe(true)
}

/** Nothing names her any more; her id stands in entries, and hashes of her log stay. */
async function expectEnded(): Promise<void> {
  const found: string[] = []
  for (const row of (await dumpBesidesLog()).split('\n'))
    if (row.includes(name) || row.includes(ada.userId)) found.push(row)
  expect(found).toEqual([])
  const people = await rowsOf('audit_person')
  expect(people.filter((row) => row.user_id === ada.userId || row.log_id === ada.userId)).toEqual([])
  const { results } = await statement('SELECT leaf FROM audit_body WHERE log_id = ? ORDER BY seq', ada.userId).all<{
    leaf: string
  }>()
  const leaves = results.map(({ leaf }) => JSON.parse(leaf))
  expect(leaves.map(({ action }) => action)).toEqual(['audit_log.prune', 'account.end'])
  const bodies = (await rowsOf('audit_body')).map(({ leaf }) => String(leaf))
  expect(bodies.filter((leaf) => leaf.includes(name) || leaf.includes(emailOf(ada.userId)))).toEqual([])
  expect(await keptIn(account())).toEqual({ values: [['gone', true]], rows: [], alarm: null })
}

describe('seven days later an account', () => {
  test('is gone, and where others are it is a member no more, its keys are revoked and its name is erased', async () => {
    await over()
    await ring(account())
    await expectEnded()
    vi.useRealTimers()
    expect((await ask('GET', '/v1/monitors', { as: key.token })).status).toBe(401)
    const actions = (await readLog(grace.workspaceId)).slice(-2).map(({ leaf }) => [leaf.action, leaf.actor.id])
    expect(actions).toEqual([
      ['member.leave', 'account'],
      ['person.erase', 'account'],
    ])
    expect(await verdictOf(await storedExport(grace.workspaceId))).toBe('sound')
    const back = await signedIn(grace.workspaceId, grace.userId)
    expect((await ask('GET', '/v1/monitors', { as: back })).body.data).toHaveLength(1)
    expect((await ask('GET', '/v1/members', { as: back })).body.data).toHaveLength(1)
    expect((await ask('GET', '/audit-logs', { as: back })).text).not.toContain(name)
  })

  test('leaves a key that was handed over to whoever has it now', async () => {
    const joan = await newMember(grace, 'admin', 'Joan Clarke')
    const theirs = await newApiKey(joan)
    const handed = { id: joan.userId, apiKeys: 'hand_over' }
    await made(grace, 'member.remove', handed)
    const other = (await rowsOf('membership')).find((row) => row.user_id === joan.userId)?.workspace_id
    const there = await signedIn(other as Person['workspaceId'], joan.userId)
    expect((await deleteIt(there)).status).toBe(303)
    await settled()
    daysLater(7.01)
    await ring(workspaceOf(there.workspaceId))
    await ring(accountOf(joan.userId))
    expect(await isGone(accountOf(joan.userId))).toBe(true)
    vi.useRealTimers()
    expect((await ask('GET', '/v1/monitors', { as: theirs.token })).status).toBe(200)
    expect((await rowsOf('api_key')).find((row) => row.id === theirs.id)?.created_by).toBe(grace.userId)
  })

  test('can be made anew by the same person, as somebody else', async () => {
    await over()
    await ring(account())
    vi.useRealTimers()
    expect(await refusalOf([openEntry(ada.userId, await nextSeq(ada.userId))])).toContain('this log has ended')
    const userId = newId('user')
    const newcomer = { identityId: newId('identity'), email: emailOf(ada.userId) }
    await signedIn(grace.workspaceId, userId, Date.now(), newcomer)
    expect((await rowsOf('user')).filter((row) => row.email === emailOf(ada.userId))).toMatchObject([{ id: userId }])
    const dead = await account().mutate({
      type: 'session.delete',
      userId: ada.userId,
      hash: 'a'.repeat(64),
      requestId: newId('request'),
      client: NO_CLIENT,
      now: Date.now(),
    })
    expect(dead).toMatchObject({ ok: false, code: 'unauthorized' })
  })

  test('waits for what goes with it', async () => {
    await deleteIt()
    await settled()
    daysLater(7.01)
    await ring(account())
    expect((await rowsOf('user')).some((row) => row.id === ada.userId)).toBe(true)
    await ring(workspaceOf(own))
    await ring(account())
    await expectEnded()
  })
})

describe('an end that is interrupted goes on until everything is gone', () => {
  /** Leaving, erasing there; erasing, pruning and ending here. */
  const CHANGES = 5

  test('an end is five changes', async () => {
    await over()
    const sizes = async () => (await nextSeq(ada.userId)) + (await nextSeq(grace.workspaceId))
    const before = await sizes()
    await ring(account())
    expect((await sizes()) - before).toBe(CHANGES)
  })

  const faults = Array.from({ length: CHANGES }, (_, i) => i).flatMap((step) =>
    (['never arrives', 'arrives, and nobody hears of it'] as const).map((what) => ({ step, what })),
  )
  test.each(faults)('when its change $step $what, and the object is started anew', async ({ step, what }) => {
    await over()
    const through = (send: () => Promise<D1Result[]>) => send()
    commits(...Array(step).fill(through), what === 'never arrives' ? neverArrives : answerIsLost)
    await ring(account())
    vi.restoreAllMocks()
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect(await isGone(account())).toBe(false)
    expect((await keptIn(account())).alarm).not.toBeNull()
    await evictDurableObject(account())
    await ring(account())
    await expectEnded()
  })

  test('when the database is gone', async () => {
    await over()
    databaseIsGone()
    await ring(account())
    vi.restoreAllMocks()
    expect(await isGone(account())).toBe(false)
    await ring(account())
    await expectEnded()
  })
})
