import { beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { edge } from '../../workers/app/edge/app.ts'
import { newPerson, ORIGIN } from '../lib/candor.ts'
import { API_ROUTES, OTHER_ROUTES, pathTo } from '../lib/routes.ts'
import { untouchable } from '../lib/untouchable.ts'

/*
 * Every route that changes something × content type × Sec-Fetch-Site × Origin, and every other method there, with the
 * cookie of somebody who is signed in. Nothing works but the cookie: a request that is refused is held to having touched no binding, so it can
 * have changed nothing; one that is let through either touches one, which throws, or is refused for another reason.
 */
const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE']

const BODIES: [type: string | undefined, body: string | undefined][] = [
  [undefined, undefined],
  ['application/json', '{"name":"x"}'],
  ['application/x-www-form-urlencoded', 'name=x&confirm=x'],
  ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--b--\r\n'],
  ['text/plain', '{"name":"x"}'],
]

const SITES = ['none', 'same-origin', 'same-site', 'cross-site', undefined]

const ORIGINS = [
  ORIGIN,
  'null',
  'http://localhost:8788',
  'https://localhost:8787',
  'http://status.localhost:8787',
  'https://evil.example',
  undefined,
]

/** The rule, by itself: what a browser says of the page that sent the request, and of those that say nothing the origin. */
const LET_THROUGH = new Set([
  ...ORIGINS.map((origin) => `same-origin, ${origin}`), // The browser's word: this page is of this very origin.
  'undefined, http://localhost:8787', // A browser that has no such word, on our own page.
])

const REFUSAL = 'This request did not come from a page of ours, so it was not carried out.'

/** Whoever reports a key that leaked signs the report: no cookie counts there. */
const WITHOUT_COOKIES = ['/secret-scanning']

const ROUTES = [...API_ROUTES, ...OTHER_ROUTES].filter(
  ({ method, path }) => UNSAFE.includes(method) && !WITHOUT_COOKIES.includes(path),
)

const app = edge()
const { env, touches, counted } = untouchable()
let cookie: string
beforeAll(async () => {
  cookie = (await newPerson()).cookie
})

interface Sent {
  method: string
  path: string
  type: string | undefined
  body: string | undefined
  site: string | undefined
  origin: string | undefined
}

/** Whether a request is stopped for where it came from; what it touched and counted besides. */
async function outcome({ method, path, type, body, site, origin }: Sent) {
  touches.length = 0
  const before = counted().length
  const headers = { cookie, 'content-type': type, 'sec-fetch-site': site, origin }
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const answer = await app.request(path, { method, headers: given, ...(body !== undefined && { body }) }, env, {
    waitUntil: () => undefined,
    passThroughOnException: () => undefined,
    props: {},
  } as unknown as ExecutionContext)
  const stopped = (await answer.text()).includes(REFUSAL)
  return { stopped, status: answer.status, quiet: touches.length === 0 && counted().length === before }
}

/** Whether what happened is not what the rule says. */
async function isWrong(sent: Sent): Promise<boolean> {
  const { stopped, status, quiet } = await outcome(sent)
  const through = LET_THROUGH.has(`${sent.site}, ${sent.origin}`)
  return through ? stopped : !(stopped && status === 403 && quiet)
}

function combinations(method: string, path: string): Sent[] {
  const at = ORIGIN + pathTo(path, newId('monitor'))
  const from = SITES.flatMap((site) => ORIGINS.map((origin) => ({ site, origin })))
  const own = from.flatMap((page) => BODIES.map(([type, body]) => ({ method, path: at, type, body, ...page })))
  const others = UNSAFE.filter((one) => one !== method).flatMap((other) =>
    SITES.map((site) => ({ method: other, path: at, type: undefined, body: undefined, site, origin: ORIGINS[5] })),
  )
  return [...own, ...others]
}

test('there are routes of both surfaces to try', () => {
  expect(ROUTES.filter(({ path }) => path.startsWith('/v1')).length).toBeGreaterThan(20)
  expect(ROUTES.filter(({ path }) => !path.startsWith('/v1')).length).toBeGreaterThan(20)
})

test.each(ROUTES)('$method $path is carried out for our own pages only', async ({ method, path }) => {
  vi.spyOn(console, 'error').mockReturnValue()
  const wrong: Sent[] = []
  for (const sent of combinations(method, path)) if (await isWrong(sent)) wrong.push(sent)
  expect(wrong).toEqual([])
})

test('what is let through reaches the database', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const [type, body] = ['application/json', '{"name":"x"}']
  const sent = { method: 'PATCH', path: `${ORIGIN}/v1/workspace`, type, body, site: 'same-origin', origin: ORIGIN }
  expect(await outcome(sent)).toEqual({ stopped: false, status: 500, quiet: false })
})
