import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AlertEvent } from '../../shared/domain/alert.ts'
import { newId } from '../../shared/ids.ts'
import type { OutboxMessage } from '../../workers/app/workspace/outbox.ts'
import { newMember } from '../lib/audit.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import { addressOf, mailsTo, trailOf } from '../lib/mail.ts'
import { consume } from '../lib/outbox.ts'
import { messagesSent, newReceiver, probeChanges, probeSays } from '../lib/probe.ts'
import { settled } from '../lib/world.ts'

const GONE = { status: 404, errorClass: 'http' as const }
const TROUBLE = { status: 503, errorClass: 'http' as const }
const LAST_ATTEMPT = 9

let ada: Person
let receiver: string
let integrationId: string
beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await probeSays({ status: 204 })
  ada = await newPerson()
  receiver = newReceiver()
  integrationId = await newIntegration()
})

async function newIntegration(name = 'On call'): Promise<string> {
  const body = { kind: 'webhook', name, config: { url: receiver } }
  return (await ask('POST', '/v1/integrations', { as: ada, body })).body.id
}

function message(type: AlertEvent['type'] = 'incident.opened', to = integrationId): OutboxMessage {
  const workspace = { id: ada.workspaceId, name: 'Acme' }
  const about = {
    at: new Date().toISOString(),
    workspace,
    monitor: null,
    incident: null,
    url: 'http://localhost:8787/',
  }
  const event = { type, ...about } as AlertEvent
  return {
    workspaceId: ada.workspaceId,
    id: newId('outbox'),
    effect: { type: 'notify', integrationId: to, event },
    attempt: 1,
  }
}

/** One try of a message that is its last, and whatever follows from it. */
async function send(one = message(), attempt = 1) {
  expect(await consume([one], attempt)).toEqual(['done'])
  await settled()
  // Messages are told apart by when they were made.
  await new Promise((go) => setTimeout(go, 5))
}

/** A try of a message that is made again later. */
async function sendInVain(one: OutboxMessage) {
  expect(await consume([one])).not.toEqual(['done'])
  await new Promise((go) => setTimeout(go, 5))
}

const sends = (says: typeof GONE | { status: number; errorClass: 'none' }) => probeChanges({ send: says })
const textOf = async (path = '') => (await ask('GET', path)).text

describe('when a message is given up', () => {
  test('the owner gets a mail that says of which integration, and what the receiver said', async () => {
    const grace = await newMember(ada, 'admin')
    await sends(GONE)
    await send()
    const [path, ...more] = await mailsTo(ada)
    expect([more, await mailsTo(grace)]).toEqual([[], []])
    const text = await textOf(path)
    expect(text).toContain('Messages to &quot;On call&quot; do not arrive')
    expect(text).toContain(`&quot;On call&quot; (${integrationId}, webhook) of the workspace`)
    expect(text).toContain('after one try')
    expect(text).toContain('The receiver answered 404.')
    expect(text).toContain(`/integrations/${integrationId}/edit`)
    expect(text).toContain(addressOf(ada))
    // Where it goes is a secret.
    expect(text).not.toContain(new URL(receiver).host)
    expect((await trailOf(ada)).map(({ event, status }) => [event, status])).toEqual([
      ['incident.opened', 'failed'],
      ['mail.integration_failing', 'delivered'],
    ])
  })

  test('so it is after the last of many tries, and not before', async () => {
    await sends(TROUBLE)
    const one = message()
    await sendInVain(one)
    expect(await mailsTo(ada)).toEqual([])
    await send(one, LAST_ATTEMPT)
    expect(await mailsTo(ada)).toHaveLength(1)
  })

  test('the next ones are not told, until one has arrived', async () => {
    await sends(GONE)
    for (let i = 0; i < 3; i++) await send()
    expect(await mailsTo(ada)).toHaveLength(1)
    await sends({ status: 204, errorClass: 'none' })
    await send()
    expect(await messagesSent(receiver)).not.toEqual([])
    await sends(GONE)
    for (let i = 0; i < 2; i++) await send()
    expect(await mailsTo(ada)).toHaveLength(2)
  })

  test('another integration is told of by itself', async () => {
    const other = await newIntegration('Night shift')
    await sends(GONE)
    await send()
    await send(message('incident.opened', other))
    const texts = await Promise.all((await mailsTo(ada)).map(textOf))
    expect(texts.map((text) => /Messages to &quot;(.*?)&quot;/.exec(text)?.[1]).toSorted()).toEqual([
      'Night shift',
      'On call',
    ])
  })

  test('a test message is not told, and keeps nothing else from being told', async () => {
    await sends(GONE)
    await send(message('test'))
    expect(await mailsTo(ada)).toEqual([])
    await send()
    expect(await mailsTo(ada)).toHaveLength(1)
  })

  test('several at the same time are one mail', async () => {
    await sends(GONE)
    await Promise.all([1, 2, 3].map(() => send()))
    expect(await mailsTo(ada)).toHaveLength(1)
  })

  test('a message that was given up although a later one has arrived is not told', async () => {
    await sends(TROUBLE)
    const one = message()
    await sendInVain(one)
    await sends({ status: 204, errorClass: 'none' })
    await send()
    await sends(TROUBLE)
    await send(one, LAST_ATTEMPT)
    expect(await mailsTo(ada)).toEqual([])
  })

  test('nobody is told of an integration that was deleted meanwhile', async () => {
    await ask('DELETE', `/v1/integrations/${integrationId}`, { as: ada })
    await sends(GONE)
    await send()
    expect(await mailsTo(ada)).toEqual([])
  })
})
