import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AlertEvent } from '../../shared/domain/alert.ts'
import { newId } from '../../shared/ids.ts'
import type { Env } from '../../workers/app/bindings.ts'
import type { OutboxMessage } from '../../workers/app/workspace/outbox.ts'
import { ask, MONITOR, newPerson, type Person } from '../lib/candor.ts'
import { watchedDatabase } from '../lib/d1.ts'
import { until } from '../lib/monitoring.ts'
import { consume } from '../lib/outbox.ts'
import { messagesSent, newReceiver, probeChanges, probeSays } from '../lib/probe.ts'

/** Tries of a message until the queue gives it up: `max_retries` of wrangler.toml, and the first one. */
const LAST_ATTEMPT = 9

let person: Person
let receiver: string
let integrationId: string
let monitorId: string
beforeEach(async () => {
  await probeSays({ status: 204 })
  person = await newPerson()
  receiver = newReceiver()
  integrationId = await newIntegration(person)
  const { body } = await ask('POST', '/v1/monitors', { as: person, body: MONITOR })
  monitorId = body.id
})

async function newIntegration(of: Person): Promise<string> {
  const { body } = await ask('POST', '/v1/integrations', {
    as: of,
    body: { kind: 'webhook', name: 'on call', config: { url: receiver } },
  })
  return body.id
}

function event(): AlertEvent {
  const at = new Date().toISOString()
  return {
    type: 'incident.opened',
    at,
    workspace: { id: person.workspaceId, name: 'Acme' },
    monitor: { id: monitorId, name: 'Shop', url: 'https://shop.example' },
    incident: { id: newId('incident'), startedAt: at, resolvedAt: null, cause: 'Answered 503.' },
    url: `http://localhost:8787/monitors/${monitorId}`,
  }
}

const message = (fields: Partial<OutboxMessage> = {}): OutboxMessage => ({
  workspaceId: person.workspaceId,
  id: newId('outbox'),
  effect: { type: 'notify', integrationId, event: event() },
  attempt: 1,
  ...fields,
})

async function deliveries() {
  const { results } = await env.DB.prepare(
    'SELECT id, status, attempts, message, delivered_at FROM delivery WHERE workspace_id = ? ORDER BY created_at',
  )
    .bind(person.workspaceId)
    .all()
  return results
}

const quiet = () => vi.spyOn(console, 'error').mockImplementation(() => undefined)
const DOWN = { status: 0, errorClass: 'connect' as const, message: 'The connection was refused or lost.' }

describe('a message', () => {
  test('that is delivered is done, and comes again for nothing: the receiver hears it once', async () => {
    const one = message()
    expect(await consume([one])).toEqual(['done'])
    expect(await consume([one], 2)).toEqual(['done'])
    const sent = await messagesSent(receiver)
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual([one.id])
    expect(await deliveries()).toEqual([
      {
        id: one.id,
        status: 'delivered',
        attempts: 1,
        message: 'Delivered: the receiver answered 204.',
        delivered_at: expect.any(Number),
      },
    ])
  })

  test.each([
    ['a receiver that has trouble', { status: 503, errorClass: 'http' as const }, 'The receiver answered 503.'],
    ['a receiver that is not there', DOWN, DOWN.message],
    ['a probe of ours that is broken', { broken: true }, 'The message could not be sent on our side.'],
  ])('for %s waits, and is tried again under the same id', async (_name, trouble, said) => {
    quiet()
    const one = message()
    await probeChanges(trouble)
    const [wait] = await consume([one])
    expect(wait).toBeGreaterThanOrEqual(3)
    expect(wait).toBeLessThanOrEqual(7)
    expect(await deliveries()).toMatchObject([{ status: 'waiting', attempts: 1, message: said, delivered_at: null }])
    await probeSays({ status: 200 })
    expect(await consume([one], 2)).toEqual(['done'])
    expect(await deliveries()).toMatchObject([{ id: one.id, status: 'delivered', attempts: 2 }])
    expect((await messagesSent(receiver)).map(({ headers }) => headers['webhook-id'])).toEqual([one.id])
  })

  test.each([
    ['a receiver that has trouble', { status: 503, errorClass: 'http' as const }],
    ['a probe of ours that is broken', { broken: true }],
  ])('for %s is tried for hours, then noted as failed', async (_name, trouble) => {
    quiet()
    const one = message()
    await probeChanges(trouble)
    let waited = 0
    for (let attempt = 1; attempt < LAST_ATTEMPT; attempt++) {
      const [wait] = await consume([one], attempt)
      expect(wait).toEqual(expect.any(Number))
      waited += Number(wait)
    }
    expect(waited).toBeGreaterThan(6 * 3600)
    expect(await deliveries()).toMatchObject([{ status: 'waiting' }])
    expect(await consume([one], LAST_ATTEMPT)).toEqual(['done'])
    expect(await deliveries()).toMatchObject([{ status: 'failed', attempts: LAST_ATTEMPT }])
  })

  test.each([
    [
      'refuses it',
      { status: 410, errorClass: 'http' as const, message: 'Answered 410.' },
      'The receiver answered 410.',
    ],
    [
      'may not be reached',
      { status: 0, errorClass: 'address_refused' as const, message: 'Not public.' },
      'Not public.',
    ],
  ])('for a receiver that %s is noted as failed at once, and never sent again', async (_name, trouble, said) => {
    const one = message()
    await probeChanges(trouble)
    expect(await consume([one])).toEqual(['done'])
    expect(await consume([one], 2)).toEqual(['done'])
    expect(await deliveries()).toMatchObject([{ status: 'failed', attempts: 1, message: said }])
    expect(await messagesSent(receiver)).toHaveLength(1)
  })

  test.each([
    [3600, 3600],
    [86_400, 43_200],
  ])('waits as long as the receiver asks for: %d seconds are %d', async (asked, waits) => {
    await probeChanges({ status: 429, errorClass: 'http', send: { retryAfterSeconds: asked } })
    expect(await consume([message()])).toEqual([waits])
  })

  test('is not tried in a rush for a receiver that asks for no wait', async () => {
    await probeChanges({ status: 503, errorClass: 'http', send: { retryAfterSeconds: 0 } })
    const [wait] = await consume([message()], 4)
    expect(wait).toBeGreaterThan(300)
  })

  test('that is delivered stays so, when another copy of it fails later', async () => {
    const one = message()
    const late = { status: 503, errorClass: 'http', message: '', bodyStart: '', latencyMs: 1, retryAfterSeconds: null }
    const probe = {
      fetch: async () => {
        expect(await consume([one])).toEqual(['done'])
        return Response.json(late)
      },
    }
    await consume([one], 1, { ...env, PROBE_LOCAL: probe as unknown as Env['PROBE_LOCAL'] })
    expect(await deliveries()).toMatchObject([{ id: one.id, status: 'delivered', delivered_at: expect.any(Number) }])
    expect(await consume([one], 2)).toEqual(['done'])
    expect(await messagesSent(receiver)).toHaveLength(1)
  })

  test('to an integration that was removed is noted as failed, and nothing is sent', async () => {
    const one = message()
    await ask('DELETE', `/v1/integrations/${integrationId}`, { as: person })
    expect(await consume([one])).toEqual(['done'])
    expect(await messagesSent(receiver)).toEqual([])
    expect(await deliveries()).toMatchObject([
      { status: 'failed', message: 'The integration was removed before the message went out.' },
    ])
  })

  test('cannot go out by an integration of another workspace', async () => {
    const foreign = await newIntegration(await newPerson('Grace Hopper'))
    const one = message({ effect: { type: 'notify', integrationId: foreign, event: event() } })
    expect(await consume([one])).toEqual(['done'])
    expect(await messagesSent(receiver)).toEqual([])
    expect(await deliveries()).toMatchObject([{ status: 'failed' }])
  })
})

describe('of several messages', () => {
  test('one that fails on our side is tried again by itself', async () => {
    quiet()
    const [first, wrong, last] = [
      message(),
      message({ effect: { type: 'notify', integrationId, event: null as never } }),
      message(),
    ]
    const outcome = await consume([first, wrong, last])
    expect(outcome).toEqual(['done', expect.any(Number), 'done'])
    expect((await messagesSent(receiver)).map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(
      [first.id, last.id].toSorted(),
    )
  })

  test('all are kept while the database fails, and tried for hours', async () => {
    quiet()
    const messages = [message(), message({ effect: { type: 'schedule', monitorId } })]
    await env.DB.exec('ALTER TABLE workspace_key RENAME TO workspace_key_away')
    try {
      for (const attempt of [1, 8]) {
        const waits = await consume(messages, attempt)
        for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(attempt === 1 ? 3 : 3600)
      }
    } finally {
      await env.DB.exec('ALTER TABLE workspace_key_away RENAME TO workspace_key')
    }
    expect(await consume(messages, 9)).toEqual(['done', 'done'])
    expect(await messagesSent(receiver)).toHaveLength(1)
  })
})

describe('what was sent', () => {
  test('stands on the page of its monitor: to whom, how often, and what the receiver said', async () => {
    await probeChanges({ status: 503, errorClass: 'http' })
    const waits = message()
    await consume([waits])
    await consume([waits], 2)
    await probeChanges({ status: 404, errorClass: 'http' })
    await consume([message()])
    await probeSays({ status: 202 })
    await consume([message()])
    const { text } = await ask('GET', `/monitors/${monitorId}`, { as: person })
    const rows = [...text.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => row.replaceAll(/<[^>]+>/g, ' '))
    const row = (outcome: string) => rows.find((one) => one.includes(outcome))
    expect(row('Waiting')).toMatch(/on call .*incident\.opened .*\b2\b.*The receiver answered 503\./)
    expect(row('Failed')).toContain('The receiver answered 404.')
    expect(row('Delivered')).toContain('the receiver answered 202.')
    expect(text).not.toContain('hooks.example')
  })

  test('to each integration last stands in the list of them, and costs as much however much was sent before', async () => {
    const rowOf = async () => {
      const watched = watchedDatabase()
      const { text } = await ask('GET', '/integrations', { as: person, env: watched.env })
      const row = /<tr>(?:(?!<tr>).)*on call.*?<\/tr>/s.exec(text)?.[0].replaceAll(/<[^>]+>/g, ' ') ?? ''
      const read = watched.ran
        .filter(({ sql }) => sql.includes('"delivery"'))
        .reduce((sum, { rowsRead }) => sum + (rowsRead ?? 0), 0)
      return { row, read }
    }
    expect((await rowOf()).row).toContain('none yet')
    await consume([message()])
    const first = await rowOf()
    expect(first.row).toMatch(/Delivered .*incident\.opened .*the receiver answered 204\./)
    for (let i = 0; i < 20; i++) await consume([message()])
    await probeChanges({ status: 404, errorClass: 'http' })
    // The newest by its time: it is not of the same millisecond as the one before.
    await new Promise((resolve) => setTimeout(resolve, 5))
    await consume([message()])
    const last = await rowOf()
    expect(last.row).toMatch(/Failed .*The receiver answered 404\./)
    expect(last.read).toBe(first.read)
  })

  test('as a test comes from the dashboard and over the API alike', async () => {
    await ask('POST', `/v1/integrations/${integrationId}/test`, { as: person })
    await ask('POST', `/integrations/${integrationId}/test`, { as: person, form: {} })
    const sent = await until('two test messages', async () => {
      const all = await messagesSent(receiver)
      return all.length === 2 && all
    })
    for (const { body } of sent) expect(body).toMatchObject({ type: 'test', data: { monitor: null, incident: null } })
  })
})
