import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { type Answer, ask, ORIGIN } from '../lib/candor.ts'

export const SESSION_COOKIE = '__Host-candor'

/** A browser as far as signing in goes: it keeps cookies, and follows nothing by itself. */
export function newBrowser() {
  const cookies = new Map<string, string>()

  async function go(method: string, address: string, headers: Record<string, string> = {}): Promise<Answer> {
    const path = address.startsWith(ORIGIN) ? address.slice(ORIGIN.length) : address
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await ask(method, path, {
      headers: { 'user-agent': 'Test/1.0', ...(cookie && { cookie }), ...headers },
    })
    for (const line of answer.headers.getSetCookie()) keep(line)
    return answer
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ')
    const [name = '', value = ''] = pair.split('=')
    if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) cookies.delete(name)
    else cookies.set(name, value)
  }

  return {
    cookies,
    get: (address: string, headers?: Record<string, string>) => go('GET', address, headers),
    post: (address: string, headers?: Record<string, string>) => go('POST', address, { origin: ORIGIN, ...headers }),
    /** Cookies of sign-ins that were begun here. */
    attempts: () => [...cookies.keys()].filter((name) => name.startsWith(`${SESSION_COOKIE}-sign-in-`)),
  }
}

export type Browser = ReturnType<typeof newBrowser>

/** Begins a sign-in; the address at the provider that the browser is sent to. */
export async function begin(browser: Browser, provider: string, returnTo?: string): Promise<URL> {
  const query = returnTo === undefined ? '' : `?return=${encodeURIComponent(returnTo)}`
  const { status, headers } = await browser.get(`/sign-in/${provider}${query}`)
  if (status !== 302) throw new Error(`The sign-in did not begin: ${status}.`)
  return new URL(headers.get('location') ?? '')
}

export const sessionRows = async () => {
  const { results } = await env.DB.prepare('SELECT * FROM session ORDER BY created_at').all<{
    hash: string
    user_id: string
  }>()
  return results
}

export const countRows = async (table: 'session' | 'user' | 'identity' | 'workspace') =>
  Number(await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first('n'))

const rows = async () => [await countRows('session'), await countRows('user'), await countRows('workspace')]

/** No session, nobody new, no cookie to come back with, and a page that says what to do. */
export async function expectRefused(browser: Browser, callback: () => Promise<Answer>, status = 400): Promise<Answer> {
  const before = await rows()
  const answer = await callback()
  expect(answer.status).toBe(status)
  expect(await rows()).toEqual(before)
  expect(browser.cookies.has(SESSION_COOKIE)).toBe(false)
  expect(answer.headers.get('location')).toBeNull()
  expect(answer.text).toContain('You are not signed in')
  expect(answer.text).toMatch(/<a class="btn" href="\/sign-in\/(?:github|google)">/)
  return answer
}
