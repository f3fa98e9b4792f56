import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, MONITOR, newApiKey } from '../lib/candor.ts'
import { newWorld } from '../lib/world.ts'

let world: Awaited<ReturnType<typeof newWorld>>
let key: string

beforeAll(async () => {
  world = await newWorld()
  key = (await newApiKey(world.person)).token
})

/** Every kind of answer that there is. */
const ANSWERS: Record<string, { status: number; ask: () => Promise<Answer> }> = {
  'the landing page': { status: 200, ask: () => ask('GET', '/') },
  'the sign-in page': { status: 200, ask: () => ask('GET', '/sign-in') },
  'a page of the dashboard': { status: 200, ask: () => ask('GET', '/monitors', { as: world.person }) },
  'a form that was refused': {
    status: 422,
    ask: () => ask('POST', '/monitors', { as: world.person, form: { url: 'x' } }),
  },
  'a page that is not there': { status: 404, ask: () => ask('GET', '/nothing') },
  'a page that is not allowed': { status: 403, ask: () => ask('GET', '/monitors', { as: key }) },
  'a form of another type': { status: 415, ask: () => ask('POST', '/monitors', { as: world.person, body: {} }) },
  'a redirect to sign in': { status: 303, ask: () => ask('GET', '/monitors') },
  'a redirect to a provider': { status: 302, ask: () => ask('GET', '/sign-in/github') },
  'a sign-in that failed': { status: 400, ask: () => ask('GET', '/sign-in/github/callback?state=x') },
  'an answer of the API': { status: 200, ask: () => ask('GET', '/v1/monitors', { as: key }) },
  'something that was made': { status: 201, ask: () => ask('POST', '/v1/monitors', { as: key, body: MONITOR }) },
  'an answer without a body': {
    status: 204,
    ask: () => ask('DELETE', `/v1/integrations/${world.integrationId}`, { as: key }),
  },
  'a problem about the credential': { status: 401, ask: () => ask('GET', '/v1/monitors', { as: 'x' }) },
  'a problem about the body': { status: 400, ask: () => ask('POST', '/v1/monitors', { as: key, body: '{' }) },
  'a problem about the method': { status: 405, ask: () => ask('PUT', '/v1/monitors', { as: key }) },
  'a problem about the path': { status: 404, ask: () => ask('GET', '/v1/nothing', { as: key }) },
  'the answer to HEAD': { status: 200, ask: () => ask('HEAD', '/v1/monitors', { as: key }) },
  'security.txt': { status: 200, ask: () => ask('GET', '/.well-known/security.txt') },
  'a redirect to security.txt': { status: 301, ask: () => ask('GET', '/security.txt') },
  'robots.txt': { status: 200, ask: () => ask('GET', '/robots.txt') },
  'the health answer': { status: 200, ask: () => ask('GET', '/health') },
  'an asset': { status: 200, ask: () => ask('GET', '/assets/app.css') },
  'an asset that is not there': { status: 404, ask: () => ask('GET', '/assets/nothing.css') },
  'a public status page': { status: 200, ask: () => ask('GET', `/s/${world.slug}`) },
  'a public status page as a feed': { status: 200, ask: () => ask('GET', `/s/${world.slug}/feed.atom`) },
  'a public status page as a badge': { status: 200, ask: () => ask('GET', `/s/${world.slug}/badge.svg`) },
  'a public status page as data': { status: 200, ask: () => ask('GET', `/s/${world.slug}/api/v2/summary.json`) },
  'data of a status page that is not there': { status: 404, ask: () => ask('GET', '/s/nobody/api/v2/summary.json') },
  'a public status page that is not there': { status: 404, ask: () => ask('GET', '/s/nobody-has-this') },
}

const FIXED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}
const OFF = ['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'microphone', 'payment', 'usb']

/** A policy as its directives. */
const policyOf = (text: string | null) =>
  Object.fromEntries((text ?? '').split('; ').map((directive) => directive.split(/ (.*)/s).slice(0, 2)))

/** What no page may do, whatever else its policy says. */
function expectStrict(policy: string | null) {
  const directives = policyOf(policy)
  expect(directives).toMatchObject({ 'default-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'" })
  expect(["'self'", "'none'"]).toContain(directives['form-action'])
  expect(directives['script-src']).toBeUndefined()
  expect(policy).not.toMatch(/unsafe|\*|http:|https:/)
}

describe.each(Object.entries(ANSWERS))('%s', (what, { status, ask }) => {
  test('has every header that protects a browser', async () => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject(FIXED)
    expectStrict(answer.headers.get('content-security-policy'))
    const off = (answer.headers.get('permissions-policy') ?? '').split(', ')
    expect(off).toEqual(OFF.map((feature) => `${feature}=()`))
    const shared = what.startsWith('a public status page') && status === 200
    expect(answer.headers.get('cross-origin-resource-policy')).toBe(shared ? 'cross-origin' : 'same-origin')
    const open = what === 'a public status page as data'
    expect(answer.headers.get('access-control-allow-origin')).toBe(open ? '*' : null)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9A-Za-z]{11}$/)
    expect(answer.headers.get('cache-control')).toMatch(/^no-store$|^public, /)
    expect(answer.headers.get('server') ?? answer.headers.get('x-powered-by')).toBeNull()
  })
})

test('what belongs to somebody is stored in no cache', async () => {
  for (const { ask } of Object.entries(ANSWERS).flatMap(([what, entry]) =>
    /API|dashboard|made/.test(what) ? [entry] : [],
  ))
    expect((await ask()).headers.get('cache-control')).toBe('no-store')
})

test('an answer is named in its problem, its page and its header alike', async () => {
  const problem = await ask('GET', '/v1/nothing')
  const page = await ask('GET', '/nothing')
  expect(problem.body.requestId).toBe(problem.headers.get('x-request-id'))
  expect(page.text).toContain(page.headers.get('x-request-id'))
})

test('a dashboard page runs no script at all, and takes styles and pictures from itself only', async () => {
  const { headers, text } = await ask('GET', '/monitors', { as: world.person })
  expect(policyOf(headers.get('content-security-policy'))).toEqual({
    'default-src': "'none'",
    'style-src': "'self'",
    'img-src': "'self'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  })
  expect(text).not.toMatch(/<script|<style|style="|\son[a-z]+="/i)
})

test('a status page allows the very styles that it has, and nothing else', async () => {
  const { headers, text } = await ask('GET', `/s/${world.slug}`)
  const [, styles = ''] = /<style>(.*?)<\/style>/s.exec(text) ?? []
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(styles)))
  const policy = policyOf(headers.get('content-security-policy'))
  expect(policy['style-src']).toBe(`'sha256-${btoa(String.fromCharCode(...digest))}'`)
  expect([styles.length > 100, policy['form-action']]).toEqual([true, "'none'"])
})

test('an asset that the platform answers without the Worker has the same headers', async () => {
  for (const path of ['/assets/app.css', '/assets/icon.svg', '/assets/sprite.svg']) {
    const { status, headers } = await env.ASSETS.fetch(`https://candor.test${path}`)
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject(FIXED)
    expectStrict(headers.get('content-security-policy'))
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toBe(OFF.map((feature) => `${feature}=()`).join(', '))
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains; preload')
  }
})

test('an asset is kept by browsers, and asked for again only when it has changed', async () => {
  for (const [path, type] of [
    ['/assets/app.css', 'text/css; charset=utf-8'],
    ['/assets/sprite.svg', 'image/svg+xml'],
  ] as const) {
    const url = `https://candor.test${path}`
    const { headers } = await env.ASSETS.fetch(url)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    const etag = headers.get('etag') ?? ''
    expect(etag).not.toBe('')
    expect((await env.ASSETS.fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  }
})
