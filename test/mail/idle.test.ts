import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AuditLeaf } from '../../shared/contracts/audit.ts'
import { newMember, setPlan } from '../lib/audit.ts'
import { ask, mutateAs, newApiKey, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { commits, neverArrives } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { addressOf, DAY_MS, mailsTo, tonight, trailOf } from '../lib/mail.ts'
import { OPERATOR_KEY } from '../lib/operator.ts'
import { consume } from '../lib/outbox.ts'
import { bySystem, CAUSE, made } from '../lib/world.ts'

let ada: Person
let begun: number
let monitors: string[]

const newMonitor = (name: string, changes = {}) =>
  made(ada, 'monitor.create', {
    name,
    kind: 'http',
    url: 'https://shop.example',
    intervalSeconds: 3600,
    active: true,
    ...changes,
  })

beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  begun = Date.now()
  ada = await newPerson()
  monitors = [await newMonitor('Shop'), await newMonitor('Blog')]
  await setPlan(ada, 'free')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const PARTS = ['workspace.tell_of_pause', 'monitor.auto_pause']
/** What Candor has done of this, oldest first; older entries may be kept no more. */
async function leaves(): Promise<AuditLeaf[]> {
  const bodies = statement('SELECT leaf FROM audit_body WHERE log_id = ? ORDER BY seq', ada.workspaceId)
  const { results } = await bodies.all<{ leaf: string }>()
  const all: AuditLeaf[] = results.map(({ leaf }) => JSON.parse(leaf))
  return all.filter(({ action, outcome }) => PARTS.includes(action) && outcome === 'ok')
}
const pausedOf = async () => (await leaves()).filter(({ action }) => action === 'monitor.auto_pause')

/** The night of a day, counted from when everything was made. Answers what Candor did in it. */
async function night(day: number): Promise<string[]> {
  const before = (await leaves()).length
  vi.useFakeTimers({ toFake: ['Date'], now: begun + day * DAY_MS + 3_600_000 })
  await tonight(ada.workspaceId, 'nextPause')
  return (await leaves()).slice(before).map(({ action }) => action)
}
async function nights(from: number, to: number): Promise<[day: number, what: string[]][]> {
  const eventful: [number, string[]][] = []
  for (let day = from; day <= to; day++) {
    const what = await night(day)
    if (what.length > 0) eventful.push([day, what])
  }
  return eventful
}
const TELL = ['workspace.tell_of_pause']
const PAUSE = ['monitor.auto_pause', 'monitor.auto_pause']
const activeMonitors = async () =>
  (await rowsOf('monitor')).filter((row) => row.workspace_id === ada.workspaceId && row.active === 1).length

/** The mails to the owner, newest first, as text. */
async function mailed(): Promise<string[]> {
  const paths = await mailsTo(ada)
  return Promise.all(paths.map(async (path) => (await ask('GET', path)).text))
}

describe('the monitors of a free workspace that nobody uses', () => {
  test('are paused after two months, and its owner is told two weeks and three days before, and then', async () => {
    expect(await nights(58, 76)).toEqual([
      [60, TELL],
      [71, TELL],
      [74, PAUSE],
    ])
    const [done = '', again = '', first = '', ...more] = await mailed()
    expect(more).toEqual([])
    for (const text of [first, again]) {
      expect(text).toContain('The monitors of &quot;Ada Lovelace&#39;s workspace&quot; will be paused on')
      expect(text).toContain('Candor checks 2 monitors of the workspace')
      expect(text).toContain(
        new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(begun + 74 * DAY_MS + 3_600_000),
      )
      expect(text).toContain('http://localhost:8787/monitors')
    }
    expect(done).toContain('The monitors of &quot;Ada Lovelace&#39;s workspace&quot; are paused')
    const events = (await trailOf(ada)).map(({ event, status }) => [event, status])
    expect(events).toEqual([
      ['mail.monitors_pausing', 'delivered'],
      ['mail.monitors_pausing', 'delivered'],
      ['mail.monitors_paused', 'delivered'],
    ])
  })

  test('are paused by Candor, each with an entry that says so, and an outage that is open ends with it', async () => {
    const outage = { monitorId: monitors[0], startedAt: begun, cause: CAUSE }
    const config = { url: 'https://hooks.example/candor' }
    const integrationId = await made(ada, 'integration.create', { kind: 'webhook', name: 'On call', config })
    await made(ada, 'monitor.update', { id: monitors[0], integrationIds: [integrationId] })
    await bySystem(ada, 'incident.open', outage)
    for (const day of [60, 71, 74]) await night(day)
    const all = await leaves()
    const system = {
      surface: 'system',
      actor: { type: 'system', id: 'auto_pause' },
      user: null,
      person: null,
      outcome: 'ok',
    }
    const [told, again, ...paused] = all
    expect(told).toMatchObject({
      ...system,
      entity: { type: 'workspace', id: ada.workspaceId },
      before: { plan: 'free', monitorsPauseAt: null },
      after: { plan: 'free', monitorsPauseAt: expect.any(String) },
      changed: ['monitorsPauseAt'],
    })
    const { remindedAt: _, ...same } = again?.after ?? {}
    expect(again).toMatchObject({ ...system, before: told?.after, after: same, changed: ['remindedAt'] })
    expect(Date.parse(String(told?.after?.monitorsPauseAt)) - begun).toBeCloseTo(74 * DAY_MS, -8)
    expect(paused.map(({ entity }) => entity.id).toSorted()).toEqual(monitors.toSorted())
    for (const leaf of paused) {
      expect(leaf).toMatchObject({ ...system, before: { active: true }, after: { active: false } })
      expect(leaf.changed).toContain('active')
    }
    expect(JSON.stringify(all)).not.toContain(addressOf(ada))
    expect((await trailOf(ada)).map(({ event }) => event)).not.toContain('incident.resolved')
    await soundLog(ada.workspaceId)
    const rows = await statement(
      'SELECT count(*) AS n FROM incident WHERE workspace_id = ? AND resolved_at IS NULL',
      ada.workspaceId,
    ).first()
    expect(rows).toEqual({ n: 0 })
  })

  test('go on when their owner signs in, and are looked at anew two months after that', async () => {
    expect(await nights(60, 65)).toEqual([[60, TELL]])
    vi.setSystemTime(begun + 65.5 * DAY_MS)
    await signedIn(ada.workspaceId, ada.userId)
    expect(await nights(66, 124)).toEqual([])
    expect(await nights(125, 140)).toEqual([
      [126, TELL],
      [137, TELL],
      [140, PAUSE],
    ])
  })

  test('are paused three days after the second mail, however long Candor stood still before it', async () => {
    expect(await night(60)).toEqual(TELL)
    expect(await nights(85, 90)).toEqual([
      [85, TELL],
      [88, PAUSE],
    ])
    const told = (await leaves()).map(({ after }) => after?.monitorsPauseAt)
    expect(Date.parse(String(told[1])) - begun).toBeCloseTo(88 * DAY_MS, -8)
  })

  test('have two weeks again when Candor stood still for more than a month after the second mail', async () => {
    expect(await nights(60, 72)).toHaveLength(2)
    expect(await nights(110, 124)).toEqual([
      [110, TELL],
      [121, TELL],
      [124, PAUSE],
    ])
  })

  test('have two weeks again on a plan that was another one in between, however short', async () => {
    expect(await nights(60, 72)).toHaveLength(2)
    await ask('POST', `/operator/workspaces/${ada.workspaceId}/plan`, { as: OPERATOR_KEY, body: { plan: 'pro' } })
    await ask('POST', `/operator/workspaces/${ada.workspaceId}/plan`, { as: OPERATOR_KEY, body: { plan: 'free' } })
    expect(await nights(73, 87)).toEqual([
      [73, TELL],
      [84, TELL],
      [87, PAUSE],
    ])
  })

  test('are paused on the day of the second mail, when that came a month after the first', async () => {
    expect(await night(60)).toEqual(TELL)
    expect(await nights(89, 92)).toEqual([
      [89, TELL],
      [92, PAUSE],
    ])
  })

  test('are not told of again because the one who used it has left', async () => {
    const grace = await newMember(ada, 'admin')
    expect(await nights(60, 65)).toEqual([[60, TELL]])
    vi.setSystemTime(begun + 65.5 * DAY_MS)
    const there = await signedIn(ada.workspaceId, grace.userId)
    await made(there, 'member.leave', { id: grace.userId })
    expect(await nights(66, 124)).toEqual([])
    expect(await night(126)).toEqual(TELL)
  })

  test('that could not be paused in one night are paused in the next, and the last of them sends the mail', async () => {
    await night(60)
    await night(71)
    commits((send) => send(), neverArrives)
    expect(await night(74)).toEqual(['monitor.auto_pause'])
    vi.restoreAllMocks()
    expect((await mailed())[0]).toContain('will be paused on')
    expect(await night(75)).toEqual(['monitor.auto_pause'])
    expect((await mailed())[0]).toContain('are paused')
    expect(await pausedOf()).toHaveLength(2)
  })

  test('are not paused by a person, by a key, or by Candor before it is time', async () => {
    const [id = ''] = monitors
    expect(await mutateAs(ada, 'monitor.auto_pause', { id })).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await mutateAs(ada, 'workspace.tell_of_pause', {})).toMatchObject({ ok: false, code: 'forbidden' })
    await night(60)
    for (const [action, input] of [
      ['monitor.auto_pause', { id }],
      ['workspace.tell_of_pause', {}],
    ] as const)
      expect(await bySystem(ada, action, input)).toMatchObject({ ok: false, code: 'conflict' })
    expect(await pausedOf()).toEqual([])
  })
})

test('the settings of a free workspace say so, and those of one on Pro do not', async () => {
  const page = async () => (await ask('GET', '/settings', { as: ada })).text
  expect(await page()).toContain('for 60 days, the owner gets a mail, and two weeks later the monitors are paused.')
  await setPlan(ada, 'pro')
  expect(await page()).not.toContain('the monitors are paused')
})

describe('nobody is told, and nothing is paused,', () => {
  const nothing = async () => {
    const active = await activeMonitors()
    expect([await nights(60, 60), await nights(75, 75), await mailed()]).toEqual([[], [], []])
    expect(await activeMonitors()).toBe(active)
  }

  test('on Pro', async () => {
    await setPlan(ada, 'pro')
    await nothing()
  })

  test('where every monitor is paused already', async () => {
    for (const id of monitors) await made(ada, 'monitor.pause', { id })
    await nothing()
  })

  test('where another member signs in', async () => {
    const grace = await newMember(ada, 'viewer')
    for (const day of [20, 40, 60]) {
      vi.useFakeTimers({ toFake: ['Date'], now: begun + day * DAY_MS })
      await signedIn(ada.workspaceId, grace.userId)
    }
    await nothing()
  })

  test('where an API key is used', async () => {
    const { token } = await newApiKey(ada)
    vi.useFakeTimers({ toFake: ['Date'], now: begun + 30 * DAY_MS })
    expect((await ask('GET', '/v1/monitors', { as: token })).status).toBe(200)
    await nothing()
  })

  test('in a workspace that is being deleted', async () => {
    await pastTheGates([
      statement('UPDATE workspace SET ends_at = ? WHERE workspace_id = ?', begun + 400 * DAY_MS, ada.workspaceId),
    ])
    await nothing()
  })
})

test('a mail that is on its way when somebody signs in is not sent', async () => {
  await night(60)
  const message = { type: 'mail', mail: { kind: 'monitors_pausing', userId: ada.userId } } as const
  await signedIn(ada.workspaceId, ada.userId)
  const sent = (await mailsTo(ada)).length
  const effect = { workspaceId: ada.workspaceId, id: 'out_AAAAAAAAAAA', effect: message, attempt: 1 }
  expect(await consume([effect])).toEqual(['done'])
  expect(await mailsTo(ada)).toHaveLength(sent)
  expect((await trailOf(ada)).map(({ message: said }) => said)).toContain('There was no reason for it any more.')
  expect(await activeMonitors()).toBe(2)
})
