import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { PROVIDER_CONFIGS } from '../../shared/contracts/providers.ts'
import type { AlertEvent } from '../../shared/domain/alert.ts'
import { newWebhookSecret } from '../../workers/app/crypto/signature.ts'
import type { Provider } from '../../workers/app/notifications/provider.ts'
import { PROVIDERS } from '../../workers/app/notifications/register.ts'

const at = new Date(Date.UTC(2026, 10, 24, 14, 32)).toISOString()
const workspace = { id: 'ws_00000000001', name: 'Acme' }
const monitor = { id: 'mon_00000000001', name: 'Shop', url: 'https://shop.example/health' }
const incident = { id: 'inc_00000000001', startedAt: at, resolvedAt: null, cause: 'The connection was refused.' }
const url = 'https://candor.example/monitors/mon_00000000001'

/** One of each type: a new type does not compile until it is here. */
const EVENTS: Record<AlertEvent['type'], AlertEvent> = {
  'incident.opened': { type: 'incident.opened', at, workspace, monitor, incident, url },
  'incident.resolved': {
    type: 'incident.resolved',
    at,
    workspace,
    monitor,
    incident: { ...incident, resolvedAt: at },
    url,
  },
  'audit.finding': {
    type: 'audit.finding',
    at,
    workspace,
    monitor: null,
    incident: null,
    finding: { verdict: 'truncated', entry: 6 },
    url,
  },
  test: { type: 'test', at, workspace, monitor: null, incident: null, url },
}
const DELIVERY = { id: 'out_00000000001', at: Date.UTC(2026, 10, 24, 14, 32, 10) }

/** Values that some field of some provider takes. */
const SAMPLES = [
  'https://hooks.example/services/on-call',
  newWebhookSecret(),
  'on-call@example.test',
  crypto.randomUUID(),
]

/** A config that a contract takes, made field by field, so that the next provider is covered by being registered. */
function configOf(provider: Provider): Record<string, string> {
  const { shape } = provider.config as unknown as z.ZodObject
  const config = Object.entries(shape).map(([field, contract]) => {
    const value = SAMPLES.find((sample) => z.safeParse(contract, sample).success)
    if (value === undefined) throw new Error(`Add a sample for the field ${field} of ${provider.kind}.`)
    return [field, value] as const
  })
  return Object.fromEntries(config)
}

/** What the probe takes (workers/probe/main.ts). */
const Send = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['POST', 'PUT']),
  headers: z.array(z.strictObject({ key: z.string().min(1), value: z.string() })),
  body: z.string(),
  timeoutMs: z.int().positive().max(15_000),
})

const providers = Object.entries(PROVIDERS).flatMap(([kind, provider]) => (provider ? [{ kind, provider }] : []))
const cases = providers.flatMap(({ kind, provider }) =>
  Object.values(EVENTS).map((event) => ({ kind, type: event.type, provider, event })),
)

afterEach(() => {
  vi.useRealTimers()
})

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

test('every kind of integration that can be made can be sent, under its own name', () => {
  expect(Object.keys(PROVIDERS)).toEqual(Object.keys(PROVIDER_CONFIGS))
  for (const { kind, provider } of providers) {
    expect(provider.kind).toBe(kind)
    expect(provider.name).toMatch(/^[A-Z]/)
  }
})

describe.each(cases)('the message $type of a $kind', ({ provider, event }) => {
  test('is one request that the probe takes', async () => {
    const request = await provider.render(event, configOf(provider), DELIVERY)
    expect(Send.parse(request)).toEqual(request)
    expect(() => new Headers(request.headers.map(({ key, value }) => [key, value]))).not.toThrow()
  })

  test('is made without asking the network, and leaves what it is made of as it was', async () => {
    const network = vi.spyOn(globalThis, 'fetch')
    const config = frozen(configOf(provider))
    const first = await provider.render(frozen(structuredClone(event)), config, frozen({ ...DELIVERY }))
    expect(await provider.render(event, config, DELIVERY)).toEqual(first)
    expect(network).not.toHaveBeenCalled()
  })

  test('says what happened, and no part of its config', async () => {
    const config = configOf(provider)
    const { body } = await provider.render(event, config, DELIVERY)
    for (const said of [event.monitor?.name, event.incident?.cause, event.url])
      if (said !== undefined) expect(body).toContain(said)
    for (const secret of Object.values(config)) expect(body).not.toContain(secret)
  })

  test('cannot be broken out of by what people typed', async () => {
    const hostile = '"}\r\nX-Injected: 1\r\n\r\n<!channel>\u2028'
    const named = {
      ...event,
      workspace: { ...workspace, name: hostile },
      monitor: event.monitor && { ...event.monitor, name: hostile },
      incident: event.incident && { ...event.incident, cause: hostile },
    }
    const request = await provider.render(named, configOf(provider), DELIVERY)
    expect(JSON.stringify(request.headers)).not.toContain('X-Injected')
    expect(() => JSON.parse(request.body)).not.toThrow()
  })
})

describe('a webhook', () => {
  const config = { url: 'https://hooks.example/a', secret: newWebhookSecret() }
  const render = (event: AlertEvent, delivery = DELIVERY) => {
    if (!PROVIDERS.webhook) throw new Error('There is a webhook.')
    return PROVIDERS.webhook.render(event, config, delivery)
  }
  const headersOf = (request: Awaited<ReturnType<typeof render>>) =>
    Object.fromEntries(request.headers.map(({ key, value }) => [key, value]))

  test.each(Object.values(EVENTS))('$type is verified by the library of Standard Webhooks', async (event) => {
    vi.useFakeTimers({ toFake: ['Date'], now: DELIVERY.at })
    const request = await render(event)
    const { type, at: timestamp, ...data } = event
    const verified = new Webhook(config.secret).verify(request.body, headersOf(request))
    expect(verified).toEqual({ type, timestamp, data })
  })

  test('goes to its address as JSON, with an id that stays the same over repeats and a time that does not', async () => {
    const request = await render(EVENTS.test)
    const again = await render(EVENTS.test, { ...DELIVERY, at: DELIVERY.at + 5000 })
    expect([request.url, request.method]).toEqual([config.url, 'POST'])
    expect(headersOf(request)).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': DELIVERY.id,
      'webhook-timestamp': String(DELIVERY.at / 1000),
    })
    expect(headersOf(again)).toMatchObject({
      'webhook-id': DELIVERY.id,
      'webhook-timestamp': String(DELIVERY.at / 1000 + 5),
    })
    expect(headersOf(again)['webhook-signature']).not.toBe(headersOf(request)['webhook-signature'])
  })
})
