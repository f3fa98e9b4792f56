import { env } from 'cloudflare:workers'
import { CspEvaluator } from 'csp_evaluator'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { beforeAll, expect, test } from 'vitest'
import { RATE_LIMITS } from '../../shared/domain/rate-limits.ts'
import { askAt, DEPLOYED, PUBLIC, STATUS } from '../lib/deployment.ts'
import { htmlFaults } from '../lib/html-rules.ts'
import { pathIn } from '../lib/pages.ts'
import { OTHER_ROUTES, pathTo } from '../lib/routes.ts'
import { untouchable } from '../lib/untouchable.ts'
import { newWorld } from '../lib/world.ts'

/*
 * Every page of a deployment with the headers that it is sent with: against the CSP Evaluator, and against the rules that
 * MDN's HTTP Observatory scores by, under the names that its documentation gives the results. Its own package is not used:
 * it is a service, and brings fastify, a PostgreSQL driver in native code, an error reporter and jsdom.
 */
interface Page {
  what: string
  status: number
  headers: Headers
  html: string
}

const pages: Page[] = []

beforeAll(async () => {
  const world = await newWorld()
  const signedIn = { cookie: world.person.cookie, origin: PUBLIC }
  const add = async (what: string, answer: Response) => {
    pages.push({ what, status: answer.status, headers: answer.headers, html: await answer.text() })
  }
  for (const { path } of OTHER_ROUTES.filter(({ method }) => method === 'GET')) {
    const at = (path.startsWith('/s/') ? STATUS : PUBLIC) + pathIn(world, path)
    await add(path, await askAt(at, { headers: signedIn }))
    await add(`${path}, signed out`, await askAt(at))
  }
  const form = { ...signedIn, 'content-type': 'application/x-www-form-urlencoded' }
  const ends = ['/sign-out', '/account/sessions/revoke-all']
  const forms = OTHER_ROUTES.filter(({ method }) => method === 'POST')
  for (const { path } of forms.toSorted((a, b) => ends.indexOf(a.path) - ends.indexOf(b.path))) {
    const at = PUBLIC + pathIn(world, path)
    // A field that no form has: what is wrong is said on the page.
    await add(`POST ${path}`, await askAt(at, { method: 'POST', headers: form, body: 'x=y' }))
    await add(`POST ${path}, signed out`, await askAt(at, { method: 'POST', body: '' }))
  }
  const elsewhere = { ...form, origin: 'https://evil.example' }
  await add(
    'POST from elsewhere',
    await askAt(`${PUBLIC}/settings`, { method: 'POST', headers: elsewhere, body: 'x=y' }),
  )
  await add('nothing', await askAt(`${PUBLIC}/nothing`))
  await add('no status page', await askAt(`${STATUS}/s/nobody`))
  const full = { limit: async () => ({ success: false }) }
  const limiters = Object.fromEntries(Object.values(RATE_LIMITS).map(({ binding }) => [binding, full]))
  for (const [what, vars] of [
    ['when there were too many requests', limiters],
    ['when the database is out of order', {}],
  ] as const) {
    const { env: broken } = untouchable({ ...DEPLOYED, ...vars })
    await add(what, await askAt(`${PUBLIC}/monitors`, { headers: signedIn }, broken))
  }
  for (const name of ['app.css', 'icon.svg', 'sprite.svg', 'audit-log.js'])
    await add(`the asset ${name} by itself`, await env.ASSETS.fetch(`https://candor.test/assets/${name}`))
}, 60_000)

const wrong = (isRight: (page: Page) => boolean) => pages.filter((page) => !isRight(page)).map(({ what }) => what)
const header = ({ headers }: Page, name: string) => headers.get(name) ?? ''
const policyOf = (page: Page) => header(page, 'content-security-policy')

test('there are pages to look at, and most of them are shown', () => {
  const shown = pages.filter(({ what, status }) => !/^POST|signed out/.test(what) && status === 200)
  expect(shown.length).toBeGreaterThan(40)
  for (const status of [303, 400, 403, 404, 415, 422]) expect(pages.map((page) => page.status)).toContain(status)
})

test('every page is valid HTML, whatever it answers: what was asked for, a form with errors, or that it is not so', () => {
  const shown = pages.filter(({ headers, html }) => headers.get('content-type')?.startsWith('text/html') && html !== '')
  const at = (status: number) => shown.filter((page) => page.status === status).length
  for (const status of [200, 400, 403, 404, 415, 422, 429, 500])
    expect([status, at(status) > 0]).toEqual([status, true])
  expect(shown.flatMap(({ what, html }) => htmlFaults(html).map((fault) => `${what}: ${fault}`))).toEqual([])
})

/** `Severity.MEDIUM_MAYBE`. What is smaller weighs more. */
const MAYBE = 50

/** Findings that are known, with the reason for which they stand. */
const JUSTIFIED: Record<string, string> = {
  "script-src 'self'":
    'Two files of our own are all the scripts under /assets: no JSONP, no framework, nothing that anybody uploads.',
}

test('the CSP Evaluator finds nothing in any policy that has no reason to stand', () => {
  const findings = [...new Set(pages.map(policyOf))].flatMap((policy) =>
    new CspEvaluator(new CspParser(policy).csp).evaluate(),
  )
  expect(wrong((page) => policyOf(page) !== '')).toEqual([])
  expect(findings.filter(({ severity }) => severity < MAYBE)).toEqual([])
  const found = new Set(findings.map(({ directive, value }) => `${directive} ${value}`))
  expect([...found]).toEqual(Object.keys(JUSTIFIED))
})

test('the CSP Evaluator sees what it should: without our directives it has something to say', () => {
  const findings = new CspEvaluator(new CspParser("script-src 'unsafe-inline' https:").csp).evaluate()
  expect(findings.filter(({ severity }) => severity < MAYBE).length).toBeGreaterThan(2)
})

test('no policy lets a script make markup of text: Trusted Types are required, and none may be made', () => {
  const isStrict = (page: Page) => /; require-trusted-types-for 'script'; trusted-types 'none'$/.test(policyOf(page))
  expect(wrong(isStrict)).toEqual([])
})

const cookiesOf = ({ headers }: Page) => headers.getSetCookie()
/** Preloading asks for a year, subdomains and the word; the Observatory for six months. */
const TWO_YEARS = 63_072_000

/** Results of the Observatory that are worth the most of their test, and what an answer has to be for them. */
const OBSERVATORY: Record<string, (page: Page) => boolean> = {
  'cookies-secure-with-httponly-sessions-and-samesite': (page) =>
    cookiesOf(page).every((cookie) => {
      const [name = '', ...attributes] = cookie.split('; ')
      const gone = attributes.includes('Max-Age=0')
      const has = (attribute: string) => attributes.includes(attribute)
      const kept = gone || (has('HttpOnly') && (has('SameSite=Lax') || has('SameSite=Strict')))
      return /^__Host-/.test(name) && has('Secure') && has('Path=/') && kept && !/domain=/i.test(cookie)
    }),
  // Hashes of nobody, and what a status page says to everybody, as data; without credentials:
  // "implemented-with-public-access", which costs nothing either.
  'cross-origin-resource-sharing-not-implemented': (page) =>
    page.headers.get('access-control-allow-origin') === null ||
    /^\/(?:audit\/deployment|s\/:slug\/api)\//.test(page.what),
  'csp-implemented-with-no-unsafe-default-src-none': (page) =>
    /^default-src 'none';/.test(policyOf(page)) && !/unsafe|https?:|\*/.test(policyOf(page)),
  'hsts-preloaded': (page) => {
    const [, seconds] =
      /^max-age=(\d+); includeSubDomains; preload$/.exec(header(page, 'strict-transport-security')) ?? []
    return Number(seconds) >= TWO_YEARS
  },
  'referrer-policy-private': (page) =>
    /^(?:no-referrer|same-origin|strict-origin|strict-origin-when-cross-origin)$/.test(header(page, 'referrer-policy')),
  'sri-not-implemented-but-all-scripts-loaded-from-secure-origin': ({ html }) =>
    [...html.matchAll(/<script[^>]*>/g)].every(([tag]) => / src="\/assets\/[a-z-]+\.js"/.test(tag)),
  'x-content-type-options-nosniff': (page) => header(page, 'x-content-type-options') === 'nosniff',
  'x-frame-options-implemented-via-csp': (page) =>
    / frame-ancestors 'none'/.test(policyOf(page)) && header(page, 'x-frame-options') === 'DENY',
  // A status page and the deployment log are for everybody to show and to read, and hold nothing that is not public.
  'corp-implemented-with-same-origin': (page) =>
    header(page, 'cross-origin-resource-policy') === 'same-origin' ||
    (page.status === 200 && /^\/(?:s\/|audit\/deployment\/)/.test(page.what)),
}

test.each(Object.entries(OBSERVATORY))('%s, on every page', (_name, isRight) => {
  expect(wrong(isRight)).toEqual([])
})

test('a cookie is looked at, of a sign-in that begins and of one that ends', () => {
  const names = pages.flatMap(cookiesOf).map((cookie) => cookie.split('=')[0]?.slice(0, '__Host-candor-sign-in'.length))
  expect(new Set(names)).toEqual(new Set(['__Host-candor', '__Host-candor-sign-in']))
})

test('a window that is opened from elsewhere has no hold on ours (Cross-Origin-Opener-Policy), nor its resources on it', () => {
  const isApart = (page: Page) =>
    header(page, 'cross-origin-opener-policy') === 'same-origin' &&
    header(page, 'cross-origin-embedder-policy') === 'require-corp'
  expect(wrong(isApart)).toEqual([])
})

test('redirection-to-https: plain http leads to the same address with https, whatever is asked for', async () => {
  for (const { method, path } of OTHER_ROUTES) {
    const at = pathTo(path, 'x')
    for (const host of [PUBLIC, STATUS]) {
      const plain = host.replace('https:', 'http:')
      const { status, headers } = await askAt(plain + at, { method })
      expect([status, headers.get('location')]).toEqual([308, host + at])
    }
  }
})
