import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, type Person, signedIn, workspaceOf } from '../lib/candor.ts'
import { dumpBesidesLog, rowsOf } from '../lib/database.ts'
import { daysLater, deleteIt, keptIn, ring } from '../lib/ending.ts'
import { quietWorld, type World } from '../lib/isolation.ts'
import { soundLog } from '../lib/log.ts'
import { monitoringOf } from '../lib/monitoring.ts'
import { made, settled } from '../lib/world.ts'

let ada: World
let owner: Person
let key: string
beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  ada = await quietWorld('Ada')
  owner = ada.person
  key = (await ask('POST', '/v1/api-keys', { as: owner, body: { name: 'k', scope: 'write' } })).body.token
  await made(owner, 'monitor.resume', { id: ada.downId })
  await settled()
})
afterEach(() => {
  vi.useRealTimers()
})

const keep = (as: Person) => ask('POST', '/v1/workspace/keep', { as })
const status = async (method: string, path: string, as?: Person | string, body?: unknown) =>
  (await ask(method, path, { as, body })).status
const publicPage = () => status('GET', `/s/${ada.slug}`)
const checks = async () => (await keptIn(monitoringOf(owner.workspaceId))).alarm !== null
/** Rows of everything but the log, telemetry, what is on its way, and how somebody signed in last. */
const rows = async () =>
  (await dumpBesidesLog())
    .split('\n')
    .filter((row) => !/^(?:delivery|outbox|api_key_use|session|identity) /.test(row))
    .join('\n')

describe('a workspace that its owner has deleted', () => {
  test('stops at once: no check, no key, no public page, no change', async () => {
    expect([await checks(), await publicPage(), await status('GET', '/v1/monitors', key)]).toEqual([true, 200, 200])
    const { status: code, body } = await deleteIt(owner)
    expect(code).toBe(200)
    expect(Date.parse(body.endsAt) - Date.now()).toBeGreaterThan(7 * 86_400_000 - 60_000)
    await settled()
    expect([await checks(), await publicPage()]).toEqual([false, 404])
    const refused = await ask('GET', '/v1/monitors', { as: key })
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('being deleted')])
    const change = await ask('POST', `/v1/monitors/${ada.monitorId}/resume`, { as: owner })
    expect([change.status, change.body.detail]).toEqual([409, expect.stringContaining('its owner keeps it')])
    const { leaf } = (await soundLog(owner.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({ action: 'monitor.resume', outcome: 'conflict' })
  })

  test('is looked at and copied all the same, and says on every page when it goes and who can keep it', async () => {
    const member = await newMember(owner)
    await deleteIt(owner)
    await settled()
    for (const path of ['/monitors', '/settings', '/audit-logs', '/api-keys', '/account']) {
      const [mine, theirs] = [await ask('GET', path, { as: owner }), await ask('GET', path, { as: member })]
      for (const { text } of [mine, theirs]) expect(text).toContain('This workspace will be deleted on')
      expect(mine.text).toContain('action="/settings/keep"')
      expect(theirs.text).not.toContain('action="/settings/keep"')
      expect(theirs.text).toContain('its owner can keep it')
    }
    expect(await status('GET', '/v1/workspace/export', member)).toBe(200)
    expect(await status('GET', '/v1/monitors', member)).toBe(200)
    expect((await ask('GET', '/workspaces', { as: owner })).text).toContain('will be deleted on')
  })

  test('offers on its pages to keep it and to revoke keys, and no other change', async () => {
    expect((await ask('GET', '/monitors', { as: owner })).text).toContain('href="/monitors/new"')
    await deleteIt(owner)
    for (const path of ['/monitors', '/integrations', '/status-pages', '/api-keys', '/settings', '/settings/members']) {
      const { text } = await ask('GET', path, { as: owner })
      const forms = new Set([...text.matchAll(/ action="([^"]+)"/g)].map(([, action]) => action))
      expect([path, [...forms].toSorted()]).toEqual([path, ['/settings/keep', '/sign-out']])
      // Another workspace is no change of this one.
      const ways = [...text.matchAll(/href="([^"]*\/(?:new|edit|delete|roll))"/g)].map(([, href]) => href)
      expect([path, ways]).toEqual([path, ['/workspaces/new']])
    }
  })

  test('checks nothing while it waits, whatever wakes its scheduler, and lets no incident come or go', async () => {
    await deleteIt(owner)
    await settled()
    const scheduler = monitoringOf(owner.workspaceId)
    const before = await rowsOf('incident')
    await scheduler.checkNow(ada.downId)
    await ring(scheduler)
    await scheduler.settled()
    expect((await scheduler.tick()).monitors).toBeGreaterThan(0)
    expect([await checks(), await rowsOf('incident')]).toEqual([false, before])
  })

  test('is kept on the sixth day, and everything is as it was', async () => {
    const before = await rows()
    await deleteIt(owner)
    await settled()
    expect(await rows()).not.toBe(before)
    daysLater(6)
    const answer = await keep(owner)
    expect([answer.status, answer.body.endsAt]).toEqual([200, null])
    await settled()
    expect(await rows()).toBe(before)
    expect([await checks(), await publicPage(), await status('GET', '/v1/monitors', key)]).toEqual([true, 200, 200])
    daysLater(2)
    await ring(workspaceOf(owner.workspaceId))
    expect(await rows()).toBe(before)
    const actions = (await soundLog(owner.workspaceId)).map(({ leaf }) => leaf.action)
    expect(actions).toEqual(expect.arrayContaining(['workspace.delete', 'workspace.keep']))
  })

  test('cannot be kept on the eighth, even when its end is late: nobody gets in', async () => {
    await deleteIt(owner)
    await settled()
    const before = await rows()
    daysLater(8)
    const late = await signedIn(owner.workspaceId, owner.userId)
    const entries = (await soundLog(owner.workspaceId)).length
    for (const [method, path] of [
      ['POST', '/v1/workspace/keep'],
      ['GET', '/v1/monitors'],
      ['GET', '/v1/workspace/export'],
    ] as const)
      expect([path, await status(method, path, late)]).toEqual([path, 401])
    expect([await status('GET', '/v1/monitors', key), await publicPage()]).toEqual([401, 404])
    expect([await rows(), (await soundLog(owner.workspaceId)).length]).toEqual([before, entries])
  })

  test('is not ended a moment too soon, nor one that nobody has deleted', async () => {
    await deleteIt(owner)
    await settled()
    const before = await rows()
    daysLater(6.99)
    await ring(workspaceOf(owner.workspaceId))
    const other = await quietWorld('Joan')
    const theirs = await soundLog(other.person.workspaceId)
    await ring(workspaceOf(other.person.workspaceId))
    expect((await soundLog(other.person.workspaceId)).length).toBe(theirs.length)
    expect((await rows()).split('\n')).toEqual(expect.arrayContaining(before.split('\n')))
  })

  test('rings by itself when its time has come', async () => {
    const { body } = await deleteIt(owner)
    await settled()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(body.endsAt) - 3_600_000 })
    await ring(workspaceOf(owner.workspaceId))
    const { alarm } = await keptIn(workspaceOf(owner.workspaceId))
    expect(alarm).toBeLessThanOrEqual(Date.parse(body.endsAt))
  })
})

describe('nobody deletes a workspace by mistake', () => {
  test('another name is refused, on the page and over the API', async () => {
    const before = await rows()
    const api = await ask('DELETE', '/v1/workspace', { as: owner, body: { name: 'Another' } })
    expect([api.status, api.body.errors[0].field]).toEqual([422, 'name'])
    const none = await ask('DELETE', '/v1/workspace', { as: owner, body: {} })
    expect(none.status).toBe(422)
    const page = await ask('POST', '/settings/delete', { as: owner, form: { confirm: 'Another' } })
    expect([page.status, page.text]).toEqual([422, expect.stringContaining('value="Another"')])
    expect(await rows()).toBe(before)
  })

  test('an API key is refused, whoever made it', async () => {
    expect(await status('DELETE', '/v1/workspace', key, { name: "Ada's workspace" })).toBe(403)
    expect(await status('POST', '/v1/workspace/keep', key)).toBe(403)
  })

  test('the page says what goes, what stays and until when, and offers the copy first', async () => {
    const { text } = await ask('GET', '/settings/delete', { as: owner })
    for (const part of ['/settings/export', 'What stays', 'hashes', '30', 'never used again'].filter(
      (one) => one !== '30',
    ))
      expect(text).toContain(part)
    expect(text).toContain('Type \u201CAda&#39;s workspace\u201D to confirm')
    const done = await ask('POST', '/settings/delete', { as: owner, form: { confirm: "Ada's workspace" } })
    expect([done.status, done.headers.get('location')]).toEqual([303, '/settings'])
    const kept = await ask('POST', '/settings/keep', { as: owner, form: {} })
    expect(kept.status).toBe(303)
    expect((await ask('GET', '/monitors', { as: owner })).text).not.toContain('will be deleted')
  })
})
