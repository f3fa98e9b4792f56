import { beforeEach, describe, expect, test, vi } from 'vitest'
import { type Asked, ask } from '../lib/candor.ts'
import { askAt, DEPLOYED, deployed, PUBLIC } from '../lib/deployment.ts'
import { DOWN, probeChanges, probeSaw, probeSays } from '../lib/probe.ts'
import { expectTold, limitedBy, untilRefused } from '../lib/rate-limits.ts'
import { openPage } from '../lib/streamed.ts'
import { untouchable } from '../lib/untouchable.ts'
import { PAYLOADS } from '../pages/payloads.ts'
import { countOf, textOf } from '../pages/render.ts'

const pathFor = (url: string) => `/check?url=${encodeURIComponent(url)}`
const check = (url: string, asked?: Asked) => ask('GET', pathFor(url), asked)

/** Checks that the probe was asked for. */
const checksMade = async () => (await probeSaw()).flatMap(({ path, body }) => (path === '/check' ? body.checks : []))

beforeEach(() => probeSays({}))

describe('checking a URL without an account', () => {
  test('sends the page and each row at once, before the check after it has ended', async () => {
    await probeSays({ hold: true })
    const page = await openPage(pathFor('shop.example/a?b=c'))
    expect(page.status).toBe(200)
    const begun = await page.until('Check 1 of 3 is under way')
    expect(begun).toContain('<h1 class="wrap">Check of shop.example</h1>')
    expect(begun).not.toContain('</table>')
    expect(begun).not.toContain('It answered')
    expect(await checksMade()).toHaveLength(1)
    await probeChanges({ hold: false, latencyMs: 34 })
    expect(countOf(await page.until('Check 2 of 3'), /It answered 200\./g)).toBe(1)
    const whole = await page.rest()
    expect(countOf(whole, /It answered 200\./g)).toBe(3)
    expect(textOf(whole)).toContain('shop.example answered 200 in 34 ms.')
    expect(whole).toMatch(/<\/table>.*<\/main>.*<\/html>$/s)
    expect(countOf(whole, /<table/g)).toBe(countOf(whole, /<\/table>/g))
  })

  test('asks for what was typed, and for nothing else that its asker could choose', async () => {
    await check('shop.example', { headers: { authorization: 'Bearer hush', 'x-own': 'hush', 'user-agent': 'hush' } })
    const open = { listed: true, page: 'http://localhost:8787/check' }
    const made = await checksMade()
    expect(made).toHaveLength(3)
    for (const { id: _, ...one } of made)
      expect(one).toEqual({
        kind: 'http',
        url: 'https://shop.example/',
        method: 'GET',
        headers: [],
        body: null,
        timeoutMs: 5000,
        followRedirects: true,
        open,
      })
  })

  test.each([
    ['in a deployment', {}],
    ['on one machine behind a proxy', { DEPLOYMENT: 'local', STATUS_URL: PUBLIC }],
  ])('%s reaches none of the private targets that monitors may reach', async (_where, vars) => {
    const configured = deployed({ ALLOW_PRIVATE_TARGETS: '10.1.2.3:80', ...vars })
    expect((await askAt(PUBLIC + pathFor('http://10.1.2.3/'), {}, configured)).status).toBe(422)
    const answer = await askAt(PUBLIC + pathFor('http://shop.example/'), {}, configured)
    await answer.text()
    expect((await checksMade()).map(({ open }) => open)).toEqual(
      Array(3).fill({ listed: false, page: `${PUBLIC}/check` }),
    )
  })

  test('is not stored by caches, not shown by search engines, and may not run anything', async () => {
    for (const path of [pathFor('shop.example'), '/check', pathFor('')]) {
      const { headers, text } = await ask('GET', path)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-robots-tag')).toBe('noindex')
      expect(headers.get('content-type')).toBe('text/html; charset=UTF-8')
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self'/)
      expect(text).not.toContain('<script')
    }
    expect((await ask('GET', '/robots.txt')).text).toContain('Disallow: /check\n')
  })

  test('leads on to watching the same address, past signing in', async () => {
    const { text } = await check('https://shop.example/a?b=c&d')
    const [, href = ''] = /href="(\/sign-in\?[^"]*)"/.exec(text) ?? []
    const asked = new URL(href.replaceAll('&amp;', '&'), PUBLIC).searchParams.get('return') ?? ''
    expect(new URL(asked, PUBLIC).searchParams.get('url')).toBe('https://shop.example/a?b=c&d')
    const signIn = await ask('GET', href.replaceAll('&amp;', '&'))
    expect(signIn.text).toContain('return=%2Fstart%3Furl%3D')
    const long = await check(`https://shop.example/${'a'.repeat(600)}`)
    expect(long.text).toContain('href="/sign-in?return=%2Fstart"')
  })
})

describe('the answer', () => {
  test.each([
    [{ status: 503, errorClass: 'http' as const, latencyMs: 8 }, 'answered 503 in 8 ms, which counts as a failure.'],
    [DOWN, 'did not answer: the connection was refused or lost.'],
    [{ ...DOWN, errorClass: 'dns' as const }, 'did not answer: its name could not be resolved.'],
    [{ ...DOWN, errorClass: 'tls' as const }, 'did not answer: no secure connection could be made.'],
    [{ ...DOWN, errorClass: 'timeout' as const }, 'did not answer: no answer came in time.'],
    [{ ...DOWN, errorClass: 'http' as const }, 'did not answer: it redirects too often.'],
  ])('to %j is one sentence, after three checks', async (says, sentence) => {
    await probeSays(says)
    const { text, status } = await check('shop.example')
    expect([status, countOf(text, /Failed<\/span>/g)]).toEqual([200, 3])
    expect(textOf(text)).toContain(`shop.example ${sentence}`)
  })

  test.each([
    [{ ...DOWN, errorClass: 'address_refused' as const }, 'it leads to an address that Candor does not reach'],
    [{ broken: true }, 'shop.example could not be checked on our side.'],
  ])('to %j comes after one check, because another would say the same', async (says, sentence) => {
    vi.spyOn(console, 'error').mockReturnValue()
    await probeSays(says)
    expect(textOf((await check('shop.example')).text)).toContain(sentence)
    expect(await checksMade()).toHaveLength(1)
  })

  test('counts the checks that passed when not all did', async () => {
    await probeSays({ ...DOWN, hold: true })
    const page = await openPage(pathFor('shop.example'))
    await page.until('Check 1 of 3')
    await probeChanges({ hold: false })
    await page.until('Check 2 of 3')
    await probeSays({ latencyMs: 20 })
    const text = textOf(await page.rest())
    expect(text).toMatch(/shop\.example passed (?:one|two) of three checks, in 20 ms\./)
  })

  test.each(PAYLOADS)('shows nothing of what the target says, as %s', async (payload) => {
    const hostile = { statusLine: payload, headers: [{ key: payload, value: payload }], body: payload, hops: [payload] }
    const says = { status: 500, errorClass: 'http' as const, latencyMs: 5 }
    await probeSays({ ...says, message: payload, evidence: hostile })
    const { text } = await check('shop.example')
    await probeSays({ ...says, message: 'Answered 500.' })
    const clean = await check('shop.example')
    const withoutTimes = (html: string) => html.replaceAll(/<time.*?<\/time>/g, '')
    expect(withoutTimes(text)).toBe(withoutTimes(clean.text))
  })

  test.each(PAYLOADS)('to an address that is %s breaks no markup', async (payload) => {
    for (const url of [payload, `https://shop.example/${payload}`, `https://shop.example/?${payload}`]) {
      const { text, status } = await check(url)
      expect([200, 422]).toContain(status)
      expect(text).not.toContain(payload)
      expect(countOf(text, /<(?:script|img|b)[ >]/gi)).toBe(0)
    }
  })
})

describe('an address that is not checked', () => {
  const REFUSED: [url: string, why: string][] = [
    ['', 'Enter the address of a site or an API.'],
    ['  ', 'Enter the address of a site or an API.'],
    ['nonsense here', 'This is not a URL.'],
    ['ftp://shop.example', 'The URL starts with http:// or https://.'],
    ['javascript:alert(1)', 'This is not a URL.'],
    ['https://name:word@shop.example', 'The URL must not hold a user name or a password. Use a header.'],
    ['https://shop.example:8443/', 'Only the standard ports are asked here: 80 for http, 443 for https.'],
    ['http://shop.example:443/', 'Only the standard ports are asked here: 80 for http, 443 for https.'],
    ['http://127.0.0.1/', 'This address is not on the public internet, so Candor does not reach it.'],
    ['http://0x7f.1/', 'This address is not on the public internet, so Candor does not reach it.'],
    ['http://[::ffff:169.254.169.254]/', 'This address is not on the public internet, so Candor does not reach it.'],
    ['localhost', 'This name is not one of the public internet, so Candor does not reach it.'],
    ['http://localhost:8787/', 'This is an address of Candor itself.'],
    [`https://shop.example/${'a'.repeat(2048)}`, 'The URL has at most 2,048 characters.'],
  ]

  test.each(REFUSED)('%j is said to be none beside its field, and nothing is asked', async (url, why) => {
    const { text, status } = await check(url)
    expect(status).toBe(422)
    expect(text).toContain('<title>Error: Check a URL · Candor</title>')
    expect(text).toContain(`<a href="#f-url">${why}</a>`)
    expect(text).toMatch(/<input id="f-url"[^>]*aria-invalid="true"/)
    if (/^[\w:/.]+$/.test(url)) expect(text).toContain(`value="${url}"`)
    expect(await probeSaw()).toEqual([])
  })

  test('is counted by its address, and against no host and not for all', async () => {
    const { env, counted, touches } = untouchable(DEPLOYED)
    const headers = { 'cf-connecting-ip': '203.0.113.9' }
    await askAt(PUBLIC + pathFor('http://127.0.0.1/'), { headers }, env)
    expect([counted(), touches]).toEqual([['open-check'], []])
  })
})

describe('who may have a check made', () => {
  const OWN: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ]
  test.each(OWN)('a person who asks on our page, or by typing the address: %j', async (headers) => {
    expect((await check('shop.example', { headers })).status).toBe(200)
    expect(await checksMade()).toHaveLength(3)
  })

  test.each(['cross-site', 'same-site', 'nonsense'])(
    'nobody whom a page of another site (%s) has led here, before they have asked themselves',
    async (site) => {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
      const { env, counted, touches } = untouchable()
      const { status, text } = await check('https://shop.example/', { headers, env })
      expect([status, counted(), touches]).toEqual([200, [], []])
      expect(text).toContain('value="https://shop.example/"')
      expect(textOf(text)).toContain('You came here from another site, so nothing was asked yet.')
    },
  )

  const EMBEDDED: Record<string, string>[] = [
    ...['image', 'iframe', 'empty', 'script', 'style', 'object', 'embed', 'video', 'frame', 'font'].flatMap((dest) =>
      ['cross-site', 'same-site', 'same-origin', 'none'].map((site) => ({
        'sec-fetch-dest': dest,
        'sec-fetch-site': site,
      })),
    ),
    { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin', 'sec-purpose': 'prefetch;prerender' },
    { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none', purpose: 'prefetch' },
  ]
  test.each(EMBEDDED)('nothing that only loads the address: %j', async (headers) => {
    const { env, counted, touches } = untouchable()
    const { status, text } = await check('https://shop.example/', { headers, env })
    expect([status, counted(), touches]).toEqual([403, [], []])
    expect(text).toContain('A check is made for somebody who opens this page')
  })

  test('nobody who asks for the headers only', async () => {
    const { status, headers, text } = await ask('HEAD', pathFor('shop.example'))
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/html; charset=UTF-8', ''])
    expect(await probeSaw()).toEqual([])
  })

  test('no other method than GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await ask(method, pathFor('shop.example'))).status).toBe(404)
    expect(await probeSaw()).toEqual([])
  })
})

describe('somebody who goes away', () => {
  test('ends the checks', async () => {
    const logged = vi.spyOn(console, 'error').mockReturnValue()
    await probeSays({ hold: true })
    const page = await openPage(pathFor('shop.example'))
    await page.until('Check 1 of 3')
    expect(await checksMade()).toHaveLength(1)
    await page.leave()
    await probeChanges({ hold: false })
    await new Promise((go) => setTimeout(go, 200))
    expect(await checksMade()).toHaveLength(1)
    expect(logged).not.toHaveBeenCalled()
  })
})

describe('how often', () => {
  const from = (ip: string, url: string, configured: Parameters<typeof askAt>[2]) =>
    askAt(PUBLIC + pathFor(url), { headers: { 'cf-connecting-ip': ip } }, configured)

  test('an address may ask is limited, whatever it asks for', async () => {
    const configured = { ...limitedBy('openCheck'), ...DEPLOYED }
    const refusal = await untilRefused('openCheck', (attempt) =>
      from('198.51.100.20', attempt % 2 ? 'nonsense here' : `shop-${attempt}.example`, configured),
    )
    expectTold('openCheck', refusal)
    const text = await refusal.answer.text()
    expect(text).toContain('Too many URLs were checked from your address. Wait a minute and try again.')
    expect(text).toContain('<title>Error: Check a URL · Candor</title>')
    expect((await from('198.51.100.21', 'shop.example', configured)).status).toBe(200)
  })

  test('one host is checked is limited, whoever asks and however it is written', async () => {
    const configured = { ...limitedBy('openTarget'), ...DEPLOYED }
    const spelled = ['victim.example', 'https://VICTIM.example/a', 'http://victim.example./b']
    const refusal = await untilRefused('openTarget', (attempt) =>
      from(`198.51.100.${30 + attempt}`, spelled[attempt % 3] ?? '', configured),
    )
    expectTold('openTarget', refusal)
    expect(await refusal.answer.text()).toContain('This host was checked several times just now.')
    expect((await from('198.51.100.30', 'other.example', configured)).status).toBe(200)
  })

  test('all together may ask is limited', async () => {
    const configured = { ...limitedBy('openChecks'), ...DEPLOYED }
    const refusal = await untilRefused('openChecks', async (attempt) => {
      const answer = await from(`203.0.113.${attempt}`, `shop-${attempt}.example`, configured)
      if (answer.status === 200) await answer.body?.cancel()
      return answer
    })
    expectTold('openChecks', refusal)
    expect(await refusal.answer.text()).toContain('Too many URLs are being checked just now.')
  })

  test('and no limit is of hosts by their names, which are not the counters’ to know', async () => {
    const { env, keys } = untouchable(DEPLOYED)
    vi.spyOn(console, 'error').mockReturnValue()
    const answer = await askAt(
      PUBLIC + pathFor('shop.example'),
      { headers: { 'cf-connecting-ip': '203.0.113.9' } },
      env,
    )
    await answer.text()
    expect(keys()).toEqual(['203.0.113.9', expect.stringMatching(/^[\w+/]{43}=$/), 'all'])
  })
})
