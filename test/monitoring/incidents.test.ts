import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, type Person } from '../lib/candor.ts'
import {
  fireAlarm,
  inStore,
  MINUTE,
  newMonitor,
  newWatched,
  nextRound,
  rounds,
  SECOND,
  START,
  type Stub,
  setClock,
  summaryOf,
  until,
  useClock,
} from '../lib/monitoring.ts'
import { DOWN, GOOD, messagesSent, newReceiver, probeChanges } from '../lib/probe.ts'

useClock()

/** The target is down; the receiver of messages is not. */
const TARGET_DOWN = { ...DOWN, send: { status: 204, errorClass: 'none' as const } }

let person: Person
let stub: Stub
let monitorId: string
let secret: string
let receiver: string
beforeEach(async () => {
  ;({ person, stub } = await newWatched())
  receiver = newReceiver()
  const { body } = await ask('POST', '/v1/integrations', {
    as: person,
    body: { kind: 'webhook', name: 'on call', config: { url: receiver } },
  })
  secret = body.signingSecret
  monitorId = await newMonitor(person, { integrationIds: [body.id] })
  await fireAlarm(stub)
})

const incidents = async () => (await ask('GET', '/v1/incidents', { as: person })).body.data
const entriesOf = async (action: string) => {
  const { body } = await ask('GET', `/v1/audit-logs?action=${action}`, { as: person })
  return body.data
}
const messages = (count: number) =>
  until(`${count} messages`, async () => {
    const sent = await messagesSent(receiver)
    return sent.length >= count && sent
  })
/** Long enough for what must not happen to have happened: everything that was asked for has been worked off. */
const settled = () =>
  until('the outbox is empty', async () => {
    const { results } = await env.DB.prepare('SELECT 1 FROM outbox WHERE workspace_id = ?')
      .bind(person.workspaceId)
      .all()
    return results.length === 0
  })

/** Three failed rounds, and the message that follows them. */
async function takeDown(): Promise<number> {
  const startedAt = await nextRound(stub, TARGET_DOWN)
  await rounds(stub, 2)
  await messages(1)
  return startedAt
}

describe('an outage', () => {
  test('is said after the third failed round, and not before', async () => {
    await rounds(stub, 2, TARGET_DOWN)
    expect(await incidents()).toEqual([])
    expect((await summaryOf(stub, monitorId)).status).toBe('up')
    await nextRound(stub)
    expect(await incidents()).toHaveLength(1)
    expect((await summaryOf(stub, monitorId)).status).toBe('down')
  })

  test('is confirmed at once and after ten seconds, not at the next regular checks', async () => {
    const first = await nextRound(stub, TARGET_DOWN)
    expect(await nextRound(stub)).toBe(first)
    expect(await nextRound(stub)).toBe(first + 10 * SECOND)
  })

  test('is not said sooner when somebody has it checked again and again', async () => {
    const first = await nextRound(stub, TARGET_DOWN)
    await nextRound(stub)
    for (let i = 0; i < 3; i++) {
      expect(await stub.checkNow(monitorId)).toBe(true)
      expect(await nextRound(stub)).toBe(first)
    }
    expect(await incidents()).toEqual([])
    expect(await nextRound(stub)).toBe(first + 10 * SECOND)
    expect(await incidents()).toHaveLength(1)
  })

  test('is one incident, entered in the audit log by the system, with the time of its first failure', async () => {
    const startedAt = await takeDown()
    await rounds(stub, 5)
    const all = await incidents()
    expect(all).toEqual([
      {
        id: expect.stringMatching(/^inc_/),
        monitorId,
        startedAt: new Date(startedAt).toISOString(),
        resolvedAt: null,
        cause: { errorClass: 'connect', status: 0, message: DOWN.message, region: 'local' },
      },
    ])
    expect(await entriesOf('incident.open')).toMatchObject([
      {
        actor: { type: 'system', id: 'monitoring' },
        surface: 'system',
        entity: { type: 'incident', id: all[0].id },
        before: null,
      },
    ])
  })

  test('is sent once, signed as Standard Webhooks has it', async () => {
    await takeDown()
    await rounds(stub, 3)
    await settled()
    const sent = await messagesSent(receiver)
    expect(sent.map(({ url, body }) => [url, body.type])).toEqual([[receiver, 'incident.opened']])
    const [message] = sent
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^out_/),
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      'webhook-signature': expect.stringMatching(/^v1,/),
    })
    expect(new Webhook(secret).verify(message?.text ?? '', message?.headers ?? {})).toMatchObject({
      type: 'incident.opened',
      data: { monitor: { id: monitorId, name: 'Shop' }, incident: { resolvedAt: null, cause: DOWN.message } },
    })
  })

  test('that the workspace is told of twice is one incident and one message', async () => {
    const startedAt = await takeDown()
    const cause = { errorClass: 'connect' as const, status: 0, message: DOWN.message ?? '', region: 'local' }
    await inStore(stub, (store) =>
      store.putTransition({ type: 'incident.open', monitorId, startedAt, cause, evidence: [] }, person.workspaceId),
    )
    await nextRound(stub)
    await settled()
    expect(await incidents()).toHaveLength(1)
    expect(await messagesSent(receiver)).toHaveLength(1)
  })
})

describe('a recovery', () => {
  test('needs two good rounds, ends the incident at the first of them, and is sent once', async () => {
    const startedAt = await takeDown()
    const recoveredAt = await nextRound(stub, GOOD)
    expect(await incidents()).toMatchObject([{ resolvedAt: null }])
    await rounds(stub, 4)
    expect(await incidents()).toMatchObject([
      { startedAt: new Date(startedAt).toISOString(), resolvedAt: new Date(recoveredAt).toISOString() },
    ])
    const sent = await messages(2)
    await settled()
    expect(sent.map(({ body }) => body.type)).toEqual(['incident.opened', 'incident.resolved'])
    expect(sent[1]?.body.data.incident).toEqual({ ...sent[0]?.body.data.incident, resolvedAt: expect.any(String) })
    expect(() => new Webhook(secret).verify(sent[1]?.text ?? '', sent[1]?.headers ?? {})).not.toThrow()
    expect(await messagesSent(receiver)).toHaveLength(2)
    expect(await entriesOf('incident.resolve')).toMatchObject([{ actor: { type: 'system', id: 'monitoring' } }])
    expect(await summaryOf(stub, monitorId)).toMatchObject({ status: 'up', since: recoveredAt })
  })

  test('is counted: the day was down from the first failure to the first good round', async () => {
    const startedAt = await takeDown()
    const recoveredAt = await nextRound(stub, GOOD)
    await nextRound(stub)
    const { days } = await summaryOf(stub, monitorId)
    expect(days).toMatchObject([{ failed: 3, checks: 6, downSeconds: (recoveredAt - startedAt) / SECOND }])
  })

  test('is followed by a new incident when the target goes down again', async () => {
    await takeDown()
    await rounds(stub, 2, GOOD)
    await rounds(stub, 3, TARGET_DOWN)
    const sent = await messages(3)
    expect(sent.map(({ body }) => body.type)).toEqual(['incident.opened', 'incident.resolved', 'incident.opened'])
    expect(await incidents()).toMatchObject([{ resolvedAt: null }, { resolvedAt: expect.any(String) }])
  })
})

describe('the page of an incident', () => {
  const pageOf = async () => {
    const [{ id }] = await incidents()
    return (await ask('GET', `/incidents/${id}`, { as: person })).text
  }

  test('says what is down, what was seen at each attempt, who was told, and where the log has it', async () => {
    await takeDown()
    await settled()
    const text = await pageOf()
    expect(text).toMatch(/<h1[^>]*>Shop is down<\/h1>/)
    expect(text).toContain(DOWN.message)
    // Three attempts; the first two share a moment of the clock that stands still here.
    expect(text.match(/>Failed</g)).toHaveLength(2)
    expect(text).toMatch(/<td[^>]*>on call<\/td>/)
    expect(text).toContain('incident.opened')
    expect(text).toMatch(/#\d+<\/a> <code>incident\.open<\/code>/)
    expect(text).not.toContain(receiver)
  })

  test('has the attempts that showed it was over as well, and nothing of the time after it', async () => {
    await takeDown()
    await rounds(stub, 4, GOOD)
    await settled()
    await rounds(stub, 3, TARGET_DOWN)
    const [, past] = await incidents()
    const { text } = await ask('GET', `/incidents/${past.id}`, { as: person })
    expect(text).toMatch(/<h1[^>]*>Shop was down<\/h1>/)
    expect([text.match(/>Failed</g)?.length, text.match(/>Passed</g)?.length]).toEqual([2, 1])
    expect(text).toMatch(/incident\.resolved.*incident\.opened/s)
    expect(text.match(/<code>incident\.resolve<\/code>/g)).toHaveLength(1)
  })

  test('is found from the list, from its monitor and from its banner', async () => {
    await takeDown()
    const [{ id }] = await incidents()
    for (const path of ['/incidents', `/monitors/${monitorId}`])
      expect((await ask('GET', path, { as: person })).text).toContain(`href="/incidents/${id}"`)
  })
})

describe('while a monitor is down', () => {
  test.each([
    ['pausing it', 'POST', '/pause', undefined],
    ['switching it off', 'PATCH', '', { active: false }],
  ])('%s ends the incident and tells the receiver', async (_name, method, path, body) => {
    await takeDown()
    const pausedAt = Date.now() + MINUTE
    await setClock(pausedAt)
    await ask(method, `/v1/monitors/${monitorId}${path}`, { as: person, body })
    const sent = await messages(2)
    expect(sent[1]?.body).toMatchObject({ type: 'incident.resolved', data: { monitor: { id: monitorId } } })
    expect(await incidents()).toMatchObject([{ resolvedAt: new Date(pausedAt).toISOString() }])
    await until('it is paused', async () => (await summaryOf(stub, monitorId)).status === 'paused')
    const open = await inStore(stub, (store) => store.outages(0, 0).filter((outage) => outage.endedAt === null))
    expect(open).toEqual([])
  })

  test('deleting it tells the receiver, and takes the incident along', async () => {
    await takeDown()
    await ask('DELETE', `/v1/monitors/${monitorId}`, { as: person })
    const sent = await messages(2)
    expect(sent[1]?.body).toMatchObject({ type: 'incident.resolved', data: { monitor: { id: monitorId } } })
    expect(await incidents()).toEqual([])
  })
})

describe('a probe that breaks', () => {
  test('is never an incident, however long', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await rounds(stub, 10, { broken: true })
    await settled()
    expect(log.mock.calls.flat().filter((line) => line.includes('"event":"probe.failed"'))).toHaveLength(10)
    expect(await incidents()).toEqual([])
    expect(await messagesSent(receiver)).toEqual([])
    expect(await entriesOf('incident.open')).toEqual([])
    const { days, lastCheckedAt } = await summaryOf(stub, monitorId)
    expect(days).toMatchObject([{ checks: 1, failed: 0 }])
    expect(lastCheckedAt).toBe(START)
  })

  test('does not end an outage that is under way', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await takeDown()
    await rounds(stub, 5, { broken: true })
    expect(await incidents()).toMatchObject([{ resolvedAt: null }])
    await probeChanges({ broken: false, ...GOOD })
    await rounds(stub, 2)
    expect(await incidents()).toMatchObject([{ resolvedAt: expect.any(String) }])
  })
})
