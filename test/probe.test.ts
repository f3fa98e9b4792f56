import { describe, expect, test, vi } from 'vitest'
import probe from '../workers/probe/main.ts'
import {
  check,
  checkAll,
  endless,
  env,
  network,
  never,
  PUBLIC,
  PUBLIC_V6,
  plain,
  post,
  type Site,
  send,
  to,
  url,
} from './lib/network.ts'

describe('a check', () => {
  test('passes on a 2xx answer and says who asks, without a cache and without following redirects unseen', async () => {
    const seen = network({ 'https://site.example/': () => new Response('fine', { status: 206 }) })
    const result = await check()
    expect(result).toMatchObject({ id: 'mon_1', region: 'test', status: 206, errorClass: 'none', message: '' })
    expect(result.evidence).toMatchObject({ body: 'fine', hops: ['https://site.example/'] })
    expect(result.latencyMs).toBeGreaterThanOrEqual(0)
    expect(seen.asked[0]?.headers.get('user-agent')).toBe('Candor-Probe/1.0')
    expect(seen.options).toEqual(['manual', 'manual', 'manual no-store'])
  })

  test('fails on another status, in words', async () => {
    network({ 'https://site.example/': () => new Response('busy', { status: 503, statusText: 'Service Unavailable' }) })
    const result = await check()
    expect(result).toMatchObject({ status: 503, errorClass: 'http', message: 'Answered 503 Service Unavailable.' })
    expect(result.evidence).toMatchObject({ statusLine: 'HTTP 503 Service Unavailable', body: 'busy' })
  })

  test('sends a body as JSON unless its header says otherwise, and keeps a user agent that was set', async () => {
    const seen = network({})
    await check({ method: 'POST', body: '{}' })
    const headers = [
      { key: 'Content-Type', value: 'text/plain' },
      { key: 'User-Agent', value: 'Mine/2' },
    ]
    await check({ method: 'PUT', body: 'x', headers })
    await check({ method: 'GET', body: 'ignored' })
    expect(seen.asked.map((request) => request.headers.get('content-type'))).toEqual([
      'application/json',
      'text/plain',
      null,
    ])
    expect(seen.asked[1]?.headers.get('user-agent')).toBe('Mine/2')
    expect(await Promise.all(seen.asked.map((request) => request.text()))).toEqual(['{}', 'x', ''])
  })

  test('names a reason phrase that goes on and on only in part', async () => {
    network({ 'https://site.example/': () => new Response('', { status: 500, statusText: 'x'.repeat(5000) }) })
    expect((await check()).message.length).toBeLessThanOrEqual(400)
  })

  test.each([
    ['Network connection lost.', 'https://site.example/', 'connect'],
    ['internal error; reference = abc', 'https://site.example/', 'tls'],
    ['internal error; reference = abc', 'http://site.example/', 'dns'],
    ['something else', 'https://site.example/', 'connect'],
  ])('that ends in "%s" at %s is of class %s, and shows no internals', async (text, target, errorClass) => {
    network({ [target]: () => Promise.reject(new Error(text)) })
    const result = await check({ url: target })
    expect(result).toMatchObject({ status: 0, errorClass })
    expect(result.message).not.toContain('reference')
  })

  test.each([
    [521, 'connect'],
    [522, 'timeout'],
    [524, 'timeout'],
    [525, 'tls'],
    [526, 'tls'],
    [530, 'dns'],
  ])(
    "the network's made-up status %i is of class %s, and the same from another server is its own",
    async (status, errorClass) => {
      const answers = ['cloudflare', 'nginx'].map((server) => new Response('', { status, headers: { server } }))
      network({ 'https://site.example/': () => answers.shift() ?? new Response() })
      expect((await check()).errorClass).toBe(errorClass)
      expect((await check()).errorClass).toBe('http')
    },
  )

  test('times out when no answer comes and when the resolver hangs', async () => {
    const seen = network({ 'https://site.example/': never }, { 'lost.example': never })
    const timeout = { errorClass: 'timeout', message: 'No answer within 0.06 s.', status: 0 }
    expect(await check({ timeoutMs: 60 })).toMatchObject(timeout)
    expect(await check({ timeoutMs: 60, url: 'https://lost.example/' })).toMatchObject(timeout)
    expect(seen.asked.map(url)).toEqual(['https://site.example/'])
  })

  test('times out when the body breaks off at the limit', async () => {
    const body = () =>
      new ReadableStream({ pull: () => Promise.reject(new DOMException('The operation timed out', 'TimeoutError')) })
    network({ 'https://site.example/': () => new Response(body()) })
    expect(await check()).toMatchObject({ errorClass: 'timeout', message: 'No answer within 2 s.' })
  })

  test('takes 60 seconds at most, and a message 15', async () => {
    network({})
    const limits = vi.spyOn(AbortSignal, 'timeout')
    await check({ timeoutMs: 3_600_000, url: `https://${PUBLIC}/` })
    await send({ timeoutMs: 3_600_000, url: `https://${PUBLIC}/` })
    expect(limits.mock.calls.flat()).toEqual([60_000, 15_000])
  })

  test('that cannot be put as a request is our fault, and does not spoil the others of the batch', async () => {
    network({ 'https://site.example/': () => new Response('fine') })
    const results = await checkAll([{ headers: [{ key: 'not a name', value: 'x' }] }, {}, { method: 'NO WAY' }])
    expect(results.map((result) => result.errorClass)).toEqual(['probe_internal', 'none', 'probe_internal'])
  })
})

describe('evidence', () => {
  test('is 2 KB of a body at most, and the rest is cancelled', async () => {
    for (const status of [200, 500]) {
      const { state, response } = endless({ status })
      network({ 'https://site.example/': () => response })
      expect((await check()).evidence.body).toHaveLength(2048)
      expect(state.cancelled).toBe(true)
      expect(state.bytes).toBeLessThan(8192)
    }
  })

  test('holds no credentials, 40 headers at most, and 256 characters of each', async () => {
    const headers = new Headers([
      ['Set-Cookie', 'sid=hush'],
      ['Set-Cookie', 'other=hush'],
      ['Authorization', 'hush'],
      ['X-Api-Key', 'hush'],
      ['X-Csrf-Token', 'hush'],
      ['A-Long', 'y'.repeat(5000)],
    ])
    for (let i = 0; i < 60; i++) headers.set(`z-${i}`, 'v')
    network({ 'https://site.example/': () => new Response('', { headers }) })
    const { evidence } = await check()
    expect(JSON.stringify(evidence)).not.toContain('hush')
    expect(evidence.headers.filter(({ value }) => value === '[redacted]')).toHaveLength(5)
    expect(evidence.headers).toHaveLength(40)
    expect(evidence.headers.find(({ key }) => key === 'a-long')?.value).toHaveLength(256)
  })
})

describe('a redirect', () => {
  const start = 'https://site.example/'

  test('is followed to the end, and each address on the way is resolved and noted', async () => {
    const { state, response } = endless({ status: 302, headers: { location: 'https://next.example/a' } })
    const seen = network({
      [start]: () => response,
      'https://next.example/a': () => to('../b?c=d', 307),
      'https://next.example/b?c=d': () => new Response('there'),
    })
    const result = await check()
    expect(result).toMatchObject({ status: 200, errorClass: 'none' })
    expect(result.evidence.hops).toEqual([start, 'https://next.example/a', 'https://next.example/b?c=d'])
    expect(seen.lookedUp).toEqual(['site.example', 'next.example', 'next.example'].flatMap((name) => [name, name]))
    expect(state.cancelled).toBe(true)
  })

  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:169.254.169.254]/latest/meta-data',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost:8787/',
    '//10.0.0.1/',
    'http://inside.example/',
    'https://candor.example/',
    'ftp://files.example/',
    'http://public.example:6379/',
  ])('to %s is refused and never made', async (location) => {
    const seen = network({ [start]: () => to(location) }, { 'inside.example': ['192.168.1.1'] })
    const result = await check()
    expect(result).toMatchObject({ errorClass: 'address_refused', status: 0 })
    expect(result.message).toMatch(/^The redirect was not followed\. .+\.$/)
    expect(seen.asked.map(url)).toEqual([start])
  })

  test('to another origin takes no header and no body along, and the way back does not bring them again', async () => {
    const other = 'http://site.example/'
    const seen = network({ [start]: () => to(other, 307), [other]: () => to(`${start}end`, 307) })
    const headers = ['Authorization', 'Cookie', 'Proxy-Authorization', 'X-Own', 'User-Agent'].map((key) => ({
      key,
      value: 'hush',
    }))
    await check({ method: 'POST', body: 'hush', headers })
    const [first, ...later] = seen.asked
    expect(first?.headers.get('authorization')).toBe('hush')
    expect(later.map((request) => [...request.headers])).toEqual([
      [['user-agent', 'Candor-Probe/1.0']],
      [['user-agent', 'Candor-Probe/1.0']],
    ])
    expect(await Promise.all(later.map((request) => request.text()))).toEqual(['', ''])
  })

  test('on the same origin keeps the headers', async () => {
    const seen = network({ [start]: () => to('/b', 308), [`${start}b`]: () => new Response('ok') })
    await check({ method: 'PUT', body: 'x', headers: [{ key: 'Authorization', value: 'mine' }] })
    expect(seen.asked[1]?.headers.get('authorization')).toBe('mine')
    expect([seen.asked[1]?.method, await seen.asked[1]?.text()]).toEqual(['PUT', 'x'])
  })

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [302, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
  ])('%i turns %s into %s', async (status, method, then) => {
    const seen = network({ [start]: () => to('/b', status), [`${start}b`]: () => new Response() })
    await check({
      method,
      body: method === 'HEAD' ? null : 'x',
      headers: [{ key: 'Content-Type', value: 'text/plain' }],
    })
    expect(seen.asked[1]?.method).toBe(then)
    if (then === 'GET') expect(seen.asked[1]?.headers.has('content-type')).toBe(false)
  })

  test('is followed ten times and not an eleventh', async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, i): [string, Site] => [i === 0 ? start : `${start}${i}`, () => to(`/${i + 1}`)]),
      )
    network({ ...chain(10), [`${start}10`]: () => new Response('end') })
    expect(await check()).toMatchObject({ status: 200, errorClass: 'none' })
    const seen = network({ ...chain(11), [`${start}11`]: () => new Response('end') })
    expect(await check()).toMatchObject({ errorClass: 'http', message: 'Redirected more than 10 times.' })
    expect(seen.asked).toHaveLength(11)
  })

  test('passes unfollowed when the monitor says so, and one without an address to go to fails', async () => {
    const seen = network({ [start]: () => to('http://127.0.0.1/') })
    expect(await check({ followRedirects: false })).toMatchObject({ status: 302, errorClass: 'none' })
    expect(seen.asked).toHaveLength(1)
    network({ [start]: () => new Response('', { status: 302 }) })
    expect(await check()).toMatchObject({ status: 302, errorClass: 'http' })
  })
})

describe('a check for somebody who is not signed in', () => {
  const start = 'https://site.example/'
  const open = { listed: false, page: 'https://candor.example/check' }

  test('says which page it comes from, and keeps nothing of the answer', async () => {
    const { state, response } = endless({ status: 503, headers: { 'x-secret': 'theirs' } })
    const seen = network({ [start]: () => to('https://next.example/'), 'https://next.example/': () => response })
    const { evidence, ...result } = await check({ open })
    expect(result).toMatchObject({ status: 503, errorClass: 'http' })
    expect(evidence).toEqual({ statusLine: null, headers: [], body: '', hops: [start, 'https://next.example/'] })
    expect(state.cancelled).toBe(true)
    for (const request of seen.asked)
      expect([...request.headers]).toEqual([['user-agent', 'Candor-Check/1.0 (+https://candor.example/check)']])
  })

  test('follows three redirects and not a fourth', async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, i): [string, Site] => [i === 0 ? start : `${start}${i}`, () => to(`/${i + 1}`)]),
      )
    network({ ...chain(3), [`${start}3`]: () => new Response('end') })
    expect(await check({ open })).toMatchObject({ status: 200, errorClass: 'none' })
    const seen = network({ ...chain(9), [`${start}9`]: () => new Response('end') })
    expect(await check({ open })).toMatchObject({ errorClass: 'http', status: 0 })
    expect(seen.asked).toHaveLength(4)
  })

  test.each([
    'http://site.example:8080/',
    'https://site.example:80/',
    'http://site.example:443/',
    'http://localhost:9000/',
    'http://127.0.0.1/',
    'http://inside.example/',
    'https://candor.example/',
    'ftp://site.example/',
    'https://name:word@site.example/',
  ])('reaches %s neither at first nor by a redirect', async (url) => {
    const zone = { 'inside.example': ['192.168.1.1'] }
    const seen = network({ [start]: () => to(url) }, zone)
    expect(await check({ open, url })).toMatchObject({ errorClass: 'address_refused', status: 0 })
    expect(await check({ open })).toMatchObject({ errorClass: 'address_refused', status: 0 })
    expect(seen.asked.map((request) => request.url)).toEqual([start])
  })

  test('reaches the standard ports when they are named, and a target that is listed where that is said', async () => {
    const fine = () => new Response('ok')
    network({ 'http://site.example/': fine, [start]: fine, 'http://localhost:9000/': fine })
    for (const url of ['http://site.example:80/', 'https://site.example:443/'])
      expect(await check({ open, url })).toMatchObject({ errorClass: 'none' })
    const listed = { ...open, listed: true }
    expect(await check({ open: listed, url: 'http://localhost:9000/' })).toMatchObject({ errorClass: 'none' })
  })
})

describe('a name', () => {
  test.each([
    ['one private address', ['10.0.0.1']],
    ['a public and a private address', [PUBLIC, '192.168.0.1']],
    ['a public IPv4 and a private IPv6 address', [PUBLIC, 'fd00::1']],
    ['an IPv4-mapped address', [PUBLIC, '::ffff:127.0.0.1']],
    ['something that is not an address', ['elsewhere']],
  ])('with %s is refused before anything is sent', async (_what, addresses) => {
    const seen = network({}, { 'site.example': addresses })
    expect(await check()).toMatchObject({ errorClass: 'address_refused' })
    expect(await send({ url: plain.url })).toMatchObject({ errorClass: 'address_refused', status: 0 })
    expect(seen.asked).toEqual([])
  })

  test.each([[[PUBLIC]], [[PUBLIC_V6]], [[PUBLIC, PUBLIC_V6]]])(
    'with public addresses only is reached: %s',
    async (addresses) => {
      const seen = network({ 'https://site.example/': () => new Response('ok') }, { 'site.example': addresses })
      expect(await check()).toMatchObject({ errorClass: 'none' })
      expect(seen.asked).toHaveLength(1)
    },
  )

  const half = () => {
    const answers = [
      Response.json({ Status: 2 }),
      Response.json({ Status: 0, Answer: [{ type: 28, data: PUBLIC_V6 }] }),
    ]
    return () => answers.shift() ?? Response.json({ Status: 2 })
  }
  test.each<[string, string[] | (() => Response), RegExp]>([
    ['that does not exist', () => Response.json({ Status: 3 }), /has no address\.$/],
    ['without addresses', [], /has no address\.$/],
    ['that the resolver fails on', () => Response.json({ Status: 2 }), /could not be resolved\.$/],
    ['of which only half is known', half(), /could not be resolved\.$/],
    ['whose resolver answers an error', () => new Response('', { status: 502 }), /could not be resolved\.$/],
    ['whose resolver redirects', () => to('https://other.example/'), /could not be resolved\.$/],
    ['whose resolver answers no JSON', () => new Response('<html>'), /could not be resolved\.$/],
    ['whose resolver answers without end', () => endless().response, /could not be resolved\.$/],
  ])('%s is a failure of class dns, and nothing is sent', async (_what, answer, message) => {
    const seen = network({}, { 'site.example': answer })
    const result = await check()
    expect(result).toMatchObject({ errorClass: 'dns', status: 0 })
    expect(result.message).toMatch(message)
    expect(seen.asked).toEqual([])
  })

  test('is not looked up for an address, nor for a target that is listed', async () => {
    const seen = network({ 'http://localhost:9000/': () => new Response('ok') })
    expect(await check({ url: 'http://localhost:9000/' })).toMatchObject({ errorClass: 'none' })
    expect(await check({ url: 'http://localhost:9001/' })).toMatchObject({ errorClass: 'address_refused' })
    await check({ url: `https://${PUBLIC}/` })
    expect(seen.lookedUp).toEqual([])
    expect(seen.asked.map(url)).toEqual(['http://localhost:9000/', `https://${PUBLIC}/`])
  })
})

describe('a message', () => {
  const hook = 'https://hook.example/in'

  test('is sent as it is, and the first kilobyte of the answer is kept', async () => {
    const { state, response } = endless({ status: 202 })
    const seen = network({ [hook]: () => response })
    const answer = await send({ headers: [{ key: 'Webhook-Id', value: 'out_1' }] })
    expect(answer).toMatchObject({ status: 202, errorClass: 'none', message: '', retryAfterSeconds: null })
    expect(answer.bodyStart).toHaveLength(1024)
    expect(state.cancelled).toBe(true)
    expect([seen.asked[0]?.method, await seen.asked[0]?.text()]).toEqual(['POST', '{"a":1}'])
    expect(seen.asked[0]?.headers.get('webhook-id')).toBe('out_1')
  })

  test('does not follow a redirect, and says so', async () => {
    const seen = network({ [hook]: () => to('https://other.example/') })
    expect(await send()).toMatchObject({
      status: 302,
      errorClass: 'http',
      message: 'Answered 302, a redirect, and messages do not follow redirects. Enter the final address.',
    })
    expect(seen.asked.map(url)).toEqual([hook])
    // The fake network follows nothing by itself: what counts is that the runtime was told not to.
    expect(seen.options).toEqual(['manual', 'manual', 'manual no-store'])
  })

  test.each([
    ['120', 120],
    ['0', 0],
    ['9999999999', 86_400],
    [new Date(Date.now() + 600_000).toUTCString(), 600],
    [new Date(Date.now() + 10 * 86_400_000).toUTCString(), 86_400],
    [new Date(Date.now() - 600_000).toUTCString(), null],
    ['-5', null],
    ['soon', null],
  ])('that is asked to wait "%s" hears of it in seconds, a day at most', async (value, seconds) => {
    network({ [hook]: () => new Response('', { status: 429, headers: { 'retry-after': value } }) })
    const { retryAfterSeconds, errorClass } = await send()
    expect(errorClass).toBe('http')
    if (seconds === null) expect(retryAfterSeconds).toBeNull()
    else expect(Math.abs((retryAfterSeconds ?? -99) - seconds)).toBeLessThanOrEqual(seconds === 600 ? 60 : 0)
  })

  test('that was received counts as received although the answer breaks off', async () => {
    const broken = new ReadableStream({ pull: () => Promise.reject(new Error('Network connection lost.')) })
    network({ [hook]: () => new Response(broken, { status: 200 }) })
    expect(await send()).toMatchObject({ status: 200, errorClass: 'none', bodyStart: '' })
  })

  test('that gets no answer, or cannot be put as a request, says which', async () => {
    network({ [hook]: never })
    expect(await send({ timeoutMs: 60 })).toMatchObject({ status: 0, errorClass: 'timeout' })
    expect(await send({ headers: [{ key: 'not a name', value: '' }] })).toMatchObject({ errorClass: 'probe_internal' })
  })
})

describe('the probe', () => {
  test('holds six connections at most, and answers in the order it was asked', async () => {
    const slow = () => new Promise<Response>((done) => setTimeout(() => done(new Response('ok')), 5))
    const ids = Array.from({ length: 100 }, (_, i) => `mon_${i}`)
    const seen = network(
      { 'https://site.example/': slow },
      {
        'site.example': () =>
          Response.json({
            Status: 0,
            Answer: [
              { type: 1, data: PUBLIC },
              { type: 28, data: PUBLIC_V6 },
            ],
          }),
      },
    )
    const results = await checkAll(ids.map((id) => ({ id })))
    expect(results.map((result) => result.id)).toEqual(ids)
    expect(results.every((result) => result.errorClass === 'none')).toBe(true)
    expect(seen.most).toBe(6)
  })

  test.each<[string, string, unknown]>([
    ['more than 100 checks', '/check', { checks: Array.from({ length: 101 }, () => plain) }],
    ['a check of another kind', '/check', { checks: [{ ...plain, kind: 'icmp' }] }],
    ['a time limit below zero', '/check', { checks: [{ ...plain, timeoutMs: -1 }] }],
    ['text that is no JSON', '/check', '{'],
    ['nothing', '/check', ''],
    ['more than 8 MB', '/check', JSON.stringify({ checks: [{ ...plain, body: 'x'.repeat(8 * 1024 * 1024) }] })],
    ['a message by another method', '/send', { url: plain.url, method: 'GET', headers: [], body: '', timeoutMs: 1 }],
  ])('refuses %s and asks nobody', async (_what, path, body) => {
    const seen = network({})
    expect((await post(path, body)).status).toBe(400)
    expect(seen.asked).toEqual([])
    expect(seen.lookedUp).toEqual([])
  })

  test('knows two calls and no others', async () => {
    for (const path of ['/', '/checks', '/send/x']) expect((await post(path, {})).status).toBe(404)
    expect((await probe.fetch(new Request('https://probe/check'), env)).status).toBe(404)
  })
})
