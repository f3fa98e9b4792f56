import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Env } from '../../workers/app/bindings.ts'
import { newPerson, type Person } from '../lib/candor.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { newKey } from '../lib/keys.ts'
import { aboutKey, addressOf, endingKey, trailOf } from '../lib/mail.ts'
import { consume } from '../lib/outbox.ts'

/** Tries of a mail, the first one among them. */
const LAST_ATTEMPT = 9
const API_KEY = `re_${newKey()}`

const by = (vars: Partial<Env>): Env => ({ ...env, MAILBOX: undefined, ...vars })
const RESEND = by({ MAIL_DRIVER: 'resend', RESEND_API_KEY: API_KEY, RESEND_URL: '' })

let ada: Person
let keyId: string
let lines: string[]
// Nothing waits for its next try when the next test begins.
afterEach(async () => void (await statement('DELETE FROM outbox').run()))
beforeEach(async () => {
  ada = await newPerson()
  keyId = await endingKey(ada)
  lines = []
  for (const level of ['log', 'error', 'warn', 'info', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)))
})

interface Sent {
  url: string
  headers: Headers
  body: string
}

/** Resend as its documentation has it: the same id with the same content is the same mail, with another it is refused. */
function resend(answer: (attempt: number) => Response | Promise<Response> = () => Response.json({ id: 'mail' })) {
  const requests: Sent[] = []
  const delivered = new Map<string, string>()
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const sent = { url: String(url), headers: new Headers(init?.headers), body: String(init?.body) }
    requests.push(sent)
    const id = sent.headers.get('idempotency-key') ?? ''
    const before = delivered.get(id)
    if (before !== undefined && before !== sent.body)
      return Response.json({ name: 'invalid_idempotent_request', message: addressOf(ada) }, { status: 409 })
    const response = await answer(requests.length)
    if (response.ok) delivered.set(id, sent.body)
    return response
  })
  return { requests, delivered }
}

const problem = (status: number, name: string, headers: Record<string, string> = {}) =>
  Response.json({ statusCode: status, name, message: `Not for ${addressOf(ada)}.` }, { status, headers })

describe('a mail by Resend', () => {
  test('goes out once, with the key, the id of its effect, a text and an HTML part', async () => {
    const { requests } = resend()
    const mail = aboutKey(ada, keyId)
    expect(await consume([mail], 1, RESEND)).toEqual(['done'])
    expect(await consume([mail], 2, RESEND)).toEqual(['done'])
    expect(requests).toHaveLength(1)
    const [{ url, headers, body }] = requests as [Sent]
    expect(url).toBe('https://api.resend.com/emails')
    expect(headers.get('authorization')).toBe(`Bearer ${API_KEY}`)
    expect(headers.get('idempotency-key')).toBe(mail.id)
    expect(JSON.parse(body)).toEqual({
      from: 'Candor <candor@candor.test>',
      to: [addressOf(ada)],
      subject: expect.stringContaining('The API key "ci" expires on'),
      text: expect.stringContaining('/api-keys'),
      html: expect.stringContaining('/api-keys'),
    })
    expect(await trailOf(ada)).toMatchObject([{ id: mail.id, status: 'delivered', message: 'Resend answered 200.' }])
  })

  test('that nobody noted, because of a crash in between, goes out again under the same id and arrives once', async () => {
    const { requests, delivered } = resend()
    const mail = aboutKey(ada, keyId)
    await env.DB.exec(`CREATE TRIGGER crash BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'crash'); END`)
    expect(await consume([mail], 1, RESEND)).toEqual([expect.any(Number)])
    expect(await trailOf(ada)).toEqual([])
    await env.DB.exec('DROP TRIGGER crash')
    expect(await consume([mail], 2, RESEND)).toEqual(['done'])
    expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual([mail.id, mail.id])
    expect(requests[1]?.body).toBe(requests[0]?.body)
    expect(delivered.size).toBe(1)
    expect(await trailOf(ada)).toMatchObject([{ status: 'delivered' }])
  })

  test('that went out before the workspace got another name is not sent twice', async () => {
    resend()
    const mail = aboutKey(ada, keyId)
    await consume([mail], 1, RESEND)
    await statement('DELETE FROM delivery WHERE id = ?', mail.id).run()
    await pastTheGates([statement(`UPDATE workspace SET name = 'New' WHERE workspace_id = ?`, ada.workspaceId)])
    expect(await consume([mail], 2, RESEND)).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([
      { status: 'delivered', message: 'Resend answered 409 (invalid_idempotent_request).' },
    ])
  })

  test.each([
    [408, 'request_timeout'],
    [409, 'concurrent_idempotent_requests'],
    [429, 'rate_limit_exceeded'],
    [500, 'internal_server_error'],
    [503, 'service_unavailable'],
    [401, 'missing_api_key'],
    [403, 'invalid_api_key'],
  ])('that is answered %d (%s) is tried again, then arrives', async (status, name) => {
    const { requests } = resend((attempt) => (attempt === 1 ? problem(status, name) : Response.json({ id: 'mail' })))
    const mail = aboutKey(ada, keyId)
    const [wait] = await consume([mail], 1, RESEND)
    expect(wait).toBeGreaterThanOrEqual(3)
    expect(wait).toBeLessThanOrEqual(7)
    expect(await trailOf(ada)).toMatchObject([{ status: 'waiting', message: `Resend answered ${status} (${name}).` }])
    expect(await consume([mail], 2, RESEND)).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'delivered', attempts: 2 }])
    expect(requests).toHaveLength(2)
  })

  test.each([
    [400, 'validation_error'],
    [404, 'not_found'],
    [422, 'missing_required_field'],
    [451, 'security_error'],
    [301, 'moved'],
  ])('that is answered %d (%s) is given up at once', async (status, name) => {
    const { requests } = resend(() => problem(status, name))
    const mail = aboutKey(ada, keyId)
    expect(await consume([mail], 1, RESEND)).toEqual(['done'])
    expect(await consume([mail], 2, RESEND)).toEqual(['done'])
    expect(requests).toHaveLength(1)
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed', attempts: 1 }])
  })

  test.each([
    ['3600', 3600],
    ['86400', 43_200],
    ['99999999999999999999', 5],
    ['soon', 5],
    ['-1', 5],
    ['0', 5],
  ])('waits as long as Resend asks for, and never shorter than by itself: %s is %d', async (asked, waits) => {
    resend(() => problem(429, 'rate_limit_exceeded', { 'retry-after': asked }))
    const [wait] = await consume([aboutKey(ada, keyId)], 1, RESEND)
    expect(Math.abs(Number(wait) - waits)).toBeLessThanOrEqual(2)
  })

  test('is tried for hours, then given up', async () => {
    resend(() => problem(503, 'service_unavailable'))
    const mail = aboutKey(ada, keyId)
    let waited = 0
    for (let attempt = 1; attempt < LAST_ATTEMPT; attempt++)
      waited += Number((await consume([mail], attempt, RESEND))[0])
    expect(waited).toBeGreaterThan(6 * 3600)
    expect(await consume([mail], LAST_ATTEMPT, RESEND)).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed', attempts: LAST_ATTEMPT }])
  })

  test.each([
    ['no JSON', () => new Response('<html>busy</html>')],
    ['nothing', () => new Response(null, { status: 202 })],
    ['an answer that breaks off', () => new Response(broken())],
  ])('is taken when the status says so, whatever comes with it: %s', async (_what, answer) => {
    resend(answer)
    expect(await consume([aboutKey(ada, keyId)], 1, RESEND)).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'delivered' }])
  })

  test('is taken after the beginning of an answer that has no end', async () => {
    const { body, pulls } = endless()
    resend(() => new Response(body))
    expect(await consume([aboutKey(ada, keyId)], 1, RESEND)).toEqual(['done'])
    expect(pulls()).toBeLessThanOrEqual(8)
  })

  test('waits when nothing answers', async () => {
    resend(() => Promise.reject(new TypeError(`connect ECONNREFUSED for ${addressOf(ada)}`)))
    expect(await consume([aboutKey(ada, keyId)], 1, RESEND)).toEqual([expect.any(Number)])
    expect(await trailOf(ada)).toMatchObject([{ status: 'waiting', message: 'Resend could not be reached.' }])
  })
})

const CHUNK = new Uint8Array(1024).fill(0x61)
function endless() {
  let pulled = 0
  const body = new ReadableStream({
    type: 'bytes',
    pull: (controller) => {
      if (++pulled > 64) throw new Error('Read on and on.')
      controller.enqueue(CHUNK.slice())
    },
  })
  return { body, pulls: () => pulled }
}
const broken = (): ReadableStream =>
  new ReadableStream({ type: 'bytes', pull: (controller) => controller.error(new Error('gone')) })

describe('a mail that cannot go out', () => {
  test('because mail is not set up is noted as failed, once', async () => {
    expect(await consume([aboutKey(ada, keyId)], 1, by({ MAIL_DRIVER: 'none' }))).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed', message: 'Mail is not set up.' }])
  })

  test('because the address is none is noted as failed, and nothing is sent', async () => {
    const { requests } = resend()
    const email = 'ada@example.test, eve@evil.test'
    await pastTheGates([statement('UPDATE user SET email = ? WHERE id = ?', email, ada.userId)])
    expect(await consume([aboutKey(ada, keyId)], 1, RESEND)).toEqual(['done'])
    expect(requests).toEqual([])
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed' }])
  })

  test('because of a kind that is not known is noted as failed', async () => {
    const mail = { ...aboutKey(ada, keyId), effect: { type: 'mail', mail: { kind: 'given_up' } } as never }
    expect(await consume([mail], 1, RESEND)).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed' }])
  })
})

test('neither a log line nor a row of a mail holds its address, its text or the key of the service', async () => {
  resend((attempt) =>
    attempt === 1
      ? problem(503, 'x')
      : attempt === 2
        ? new Response(addressOf(ada), { status: 422 })
        : Response.json({}),
  )
  const mails = [aboutKey(ada, keyId), aboutKey(ada, keyId), aboutKey(ada, keyId)]
  for (const mail of mails) await consume([mail], 1, RESEND)
  const events = lines.map((line) => JSON.parse(line)).filter(({ event }) => event.startsWith('mail.'))
  expect(events.map(({ event }) => event)).toEqual(['mail.waiting', 'mail.failed', 'mail.delivered'])
  for (const event of events)
    expect(Object.keys(event).toSorted()).toEqual(['attempt', 'event', 'id', 'kind', 'why', 'workspaceId'])
  const stored = JSON.stringify([
    (await env.DB.prepare('SELECT * FROM outbox').all()).results,
    (await env.DB.prepare('SELECT * FROM delivery').all()).results,
  ])
  for (const text of [lines.join('\n'), stored])
    for (const secret of [addressOf(ada), API_KEY, 'whatever uses it is refused']) expect(text).not.toContain(secret)
})
