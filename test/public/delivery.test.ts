import { createExecutionContext } from 'cloudflare:test'
import { beforeAll, describe, expect, test } from 'vitest'
import main from '../../workers/app/main.ts'
import { type Answer, ask, MONITOR, newPerson, type Person } from '../lib/candor.ts'
import { deployed } from '../lib/deployment.ts'

let person: Person
let slug: string
beforeAll(async () => {
  person = await newPerson()
  slug = crypto.randomUUID()
  const monitor = await ask('POST', '/v1/monitors', { as: person, body: MONITOR })
  const monitorIds = [monitor.body.id]
  await ask('POST', '/v1/status-pages', { as: person, body: { title: 'Acme', slug, monitorIds } })
})

const show = (headers: Record<string, string> = {}) => ask('GET', `/s/${slug}`, { headers })
const stylesOf = (html: string) => [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, styles = '']) => styles)

describe('a public page', () => {
  test('is one request: it links no styles, scripts, pictures or fonts', async () => {
    const { status, text, headers } = await show()
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).not.toMatch(/<(?:script|img|iframe|object|embed|video|audio|source|form)\b|@import|url\(|\son[a-z]+=/i)
    const loaded = [...text.matchAll(/<link [^>]*href="([^"]*)"/g)].filter(([tag]) => !tag.includes('rel="alternate"'))
    expect(loaded.map(([, address]) => address)).toEqual(['data:,'])
    const links = [...text.matchAll(/\s(?:href|src|srcset|action|poster)="([^"]*)"/g)].map(
      ([, address = '']) => address,
    )
    for (const address of links) expect(address).toMatch(new RegExp(`^(?:data:,|#main|/s/${slug}(?:[/?].*)?)$`))
  })

  test('has a policy that allows exactly the styles that are in it, and nothing else', async () => {
    const { text, headers } = await show()
    const styles = stylesOf(text)
    expect(styles).toHaveLength(1)
    expect(text).not.toMatch(/\sstyle="/)
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(styles[0]))
    const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)))
    expect(headers.get('content-security-policy')?.split('; ').toSorted()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      'img-src data:',
      "require-trusted-types-for 'script'",
      `style-src 'sha256-${base64}'`,
      "trusted-types 'none'",
    ])
  })

  test('has the other headers of every page', async () => {
    const { headers } = await show()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
  })

  test('may be kept for a moment by caches, and is the same for everybody', async () => {
    const answers = [await show(), await ask('GET', `/s/${slug}`, { as: person }), await show({ cookie: 'a=b' })]
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('public, max-age=15, stale-while-revalidate=60')
      expect(headers.getSetCookie()).toEqual([])
    }
  })

  test('answers HEAD with the headers alone', async () => {
    const head = await ask('HEAD', `/s/${slug}`)
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers.get('etag')).toBe((await show()).headers.get('etag'))
  })
})

describe('a copy that a browser has', () => {
  const etagOf = ({ headers }: Answer) => headers.get('etag') ?? ''

  test.each([
    ['as it was sent', (etag: string) => etag],
    ['weakened by a proxy that compresses', (etag: string) => `W/${etag}`],
    ['in a list', (etag: string) => `"other", ${etag}`],
  ])('is not sent again: its tag %s', async (_name, tagged) => {
    const first = await show()
    expect(etagOf(first)).toMatch(/^"[\w+/]{27}"$/)
    const second = await show({ 'if-none-match': tagged(etagOf(first)) })
    expect([second.status, second.text, etagOf(second)]).toEqual([304, '', etagOf(first)])
    for (const name of ['cache-control', 'content-security-policy'])
      expect(second.headers.get(name)).toBe(first.headers.get(name))
  })

  test('of another page, or an old one, is replaced', async () => {
    expect((await show({ 'if-none-match': '"other"' })).status).toBe(200)
    const old = etagOf(await show())
    const { body } = await ask('GET', '/v1/status-pages', { as: person })
    await ask('PATCH', `/v1/status-pages/${body.data[0].id}`, { as: person, body: { title: 'Acme Ltd' } })
    const now = await show({ 'if-none-match': old })
    expect(now.status).toBe(200)
    expect(now.text).toContain('Acme Ltd')
    expect(etagOf(now)).not.toBe(old)
  })
})

describe('an address that is no page', () => {
  test.each(['/s/nothing-here', '/s/', '/s/%00', '/s/..%2fmonitors', "/s/' OR 1=1 --", `/s/${'a'.repeat(2000)}`])(
    '%s is not found, on a page, and is not kept by caches',
    async (path) => {
      const { status, headers, text } = await ask('GET', path)
      expect(status).toBe(404)
      expect(headers.get('content-type')).toContain('text/html')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(text).toContain('<h1')
    },
  )

  test('says the same whether somebody has it in other letters or nobody has it', async () => {
    const shown = ({ text }: Answer) => text.replaceAll(/req_\w+/g, '')
    expect(shown(await ask('GET', `/s/${slug.toUpperCase()}x`))).toBe(shown(await ask('GET', '/s/nothing-here')))
  })
})

describe('in production', () => {
  const bindings = deployed({ PUBLIC_URL: 'https://app.candor.test', STATUS_URL: 'https://status.candor.test' })
  const statusAt = async (url: string) =>
    (await main.fetch(new Request(url), bindings, createExecutionContext())).status

  test('public pages live on a hostname of their own, where nothing else answers', async () => {
    expect(await statusAt(`https://status.candor.test/s/${slug}`)).toBe(200)
    for (const path of ['/', '/monitors', '/sign-in', '/v1/monitors', '/.well-known/security.txt'])
      expect([path, await statusAt(`https://status.candor.test${path}`)]).toEqual([path, 404])
  })

  test('and are not found where the dashboard is', async () => {
    expect(await statusAt(`https://app.candor.test/s/${slug}`)).toBe(404)
    expect(await statusAt('https://app.candor.test/sign-in')).toBe(200)
  })
})
