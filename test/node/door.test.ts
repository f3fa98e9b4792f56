import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RATE_LIMITS, type RateLimitName } from '../../shared/domain/rate-limits.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from '../e2e/harness.ts'

/*
 * The limits under the start command, as they come. They are counted in minutes of the clock, so there may be twice as
 * many requests before a refusal.
 */
const stateDir = newStateDir()
let candor: Candor

const start = async (times: string) => {
  candor = await startCandor({ stateDir, env: { RATE_LIMIT_TIMES: times } })
}
beforeAll(() => start(''))
afterAll(async () => {
  await candor?.stop()
  removeStateDir(stateDir)
})

async function expectRefused(name: RateLimitName, again: () => Promise<Response>): Promise<void> {
  const { limit, says } = RATE_LIMITS[name]
  let before = 0
  for (; before <= 2 * limit; before++) {
    const answer = await again()
    const text = await answer.text()
    if (answer.status !== 429) continue
    expect([answer.headers.get('retry-after'), text]).toEqual(['60', expect.stringContaining(says)])
    break
  }
  expect(before).toBeLessThanOrEqual(2 * limit)
  expect(before).toBeGreaterThan(limit / 2)
}

/** Somebody who has signed in, with an API key. */
async function signedIn(account: string) {
  const browser = makeBrowser(candor.url)
  expect((await browser.signIn('github', account)).status).toBe(303)
  const { body } = await browser.ask('POST', '/v1/api-keys', { name: 'Key', scope: 'read', expiresInDays: 1 })
  return { browser, authorization: `Bearer ${body.token}` }
}

/** The first line of the answer to a request that no client would make. */
const answerTo = (line: string, host: string) =>
  new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(candor.url).port), '127.0.0.1')
    socket.on('connect', () => socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))
    socket.on('data', (data) => (text += data))
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''))
    socket.on('error', reject)
  })

test.each([
  ['GET *', 'candor.test', 404],
  ['OPTIONS *', 'candor.test', 404],
  ['GET /', 'a b', 400],
  ['GET /', '[::', 400],
  ['GET /v1/monitors', '%%', 400],
  ['GET http://', 'candor.test', 400],
  ['GET /%ff%00', 'candor.test', 404],
  ['TRACE /', 'candor.test', 404],
])('%s of the host %s is no fault of ours', async (line, host, status) => {
  expect(await answerTo(line, host)).toMatch(`HTTP/1.1 ${status} `)
})

test('whoever asks too often is told to wait, and nobody else is', async () => {
  const [ada, linus] = [await signedIn('ada'), await signedIn('linus')]
  await expectRefused('session', () => ada.browser.raw(`${candor.url}/v1/nothing`))
  expect((await linus.browser.ask('GET', '/v1/workspace')).status).toBe(200)
  await expectRefused('apiKey', () =>
    fetch(`${candor.url}/v1/nothing`, { headers: { authorization: ada.authorization } }),
  )
  const other = await fetch(`${candor.url}/v1/workspace`, { headers: { authorization: linus.authorization } })
  expect([other.status, other.headers.get('ratelimit-policy')]).toEqual([200, '"api-key";q=600;w=60'])
})

test('guesses at keys are refused, while a good one still works', async () => {
  const { authorization } = await signedIn('linus')
  const ask = (headers: Record<string, string>) => fetch(`${candor.url}/v1/workspace`, { headers })
  await expectRefused('refused', () => ask({ authorization: 'Bearer x' }))
  expect((await ask({ authorization })).status).toBe(200)
})

test('sign-ins are limited for all together, because one machine knows no addresses', async () => {
  await expectRefused('signIn', () => makeBrowser(candor.url).raw(`${candor.url}/sign-in/github`))
})

test('RATE_LIMIT_TIMES gives more room, and the header says so', async () => {
  await candor.stop()
  await start('3')
  const { authorization } = await signedIn('grace')
  const { headers } = await fetch(`${candor.url}/v1/workspace`, { headers: { authorization } })
  expect(headers.get('ratelimit-policy')).toBe('"api-key";q=1800;w=60')
  const begun = async () => (await makeBrowser(candor.url).raw(`${candor.url}/sign-in/github`)).status
  const statuses = new Set<number>()
  for (let i = 0; i < RATE_LIMITS.signIn.limit + 10; i++) statuses.add(await begun())
  expect([...statuses]).toEqual([302])
})
