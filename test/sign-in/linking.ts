import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { Answer } from '../lib/candor.ts'
import { signInAs } from '../lib/guest.ts'
import { type Browser, SESSION_COOKIE } from './browser.ts'
import { configured, type Providers, type Somebody } from './providers.ts'

/** Both orders of the two providers, and the name of the second. */
export const ORDERS = [
  ['github', 'google', 'Google'],
  ['google', 'github', 'GitHub'],
] as const

export interface Row {
  id: string
  issuer: string
  subject: string
  user_id: string
  provider: string
  email: string | null
  last_used_at: number
}

/** The identity that an account at a provider is here, if it is one. */
export const identityAt = (provider: string, { subject }: Somebody): Promise<Row | null> =>
  env.DB.prepare('SELECT * FROM identity WHERE issuer = ? AND subject = ?')
    .bind(configured(provider).issuer, subject)
    .first<Row>()

/** Whose identity that is. */
export async function personAt(provider: string, who: Somebody): Promise<string> {
  const row = await identityAt(provider, who)
  return row?.user_id ?? expect.unreachable(`${who.name} is nobody here.`)
}

/** Somebody in a browser of their own, signed in with this provider. */
export async function inBrowser(providers: Providers, provider: string, who: Somebody): Promise<Browser> {
  return (await signInAs(providers, who, undefined, provider)).browser
}

/** Opens the page that leads to a provider; the address that its button leads to. */
export async function beginLink(browser: Browser, provider: string): Promise<URL> {
  const { status, text } = await browser.get(`/account/link/${provider}`)
  const [, address] = /<a class="btn btn-primary" href="(https:[^"]+)"/.exec(text) ?? []
  if (status !== 200 || address === undefined) throw new Error(`The page leads nowhere: ${status}.`)
  return new URL(address.replaceAll('&amp;', '&'))
}

/** All the way: the page, the provider's question, and back. */
export const linkTo = async (providers: Providers, browser: Browser, provider: string, who: Somebody) =>
  browser.get(providers.consent(await beginLink(browser, provider), who).href)

/** Somebody who signs in with both. Answers their browser, signed in with the first. */
export async function withBoth(
  providers: Providers,
  [provider, who]: readonly [string, Somebody],
  [other, there]: readonly [string, Somebody],
): Promise<Browser> {
  const browser = await inBrowser(providers, provider, who)
  const answer = await linkTo(providers, browser, other, there)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account#identities'])
  return browser
}

export async function tableOf(name: 'identity' | 'user'): Promise<unknown[]> {
  return (await env.DB.prepare(`SELECT * FROM ${name} ORDER BY id`).all()).results
}

/** Nothing is linked, nobody is signed in by it, and the page says why in a sentence. */
export async function expectNotLinked(
  browser: Browser,
  callback: () => Promise<Answer>,
  status: number,
  says: string,
): Promise<void> {
  const before = [await tableOf('identity'), await tableOf('user')]
  const session = browser.cookies.get(SESSION_COOKIE)
  const answer = await callback()
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)])
  expect(answer.headers.get('location')).toBeNull()
  expect(browser.cookies.get(SESSION_COOKIE)).toBe(session)
  expect([await tableOf('identity'), await tableOf('user')]).toEqual(before)
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const unlink = (browser: Browser, id: string) => browser.post(`/account/identities/${id}/unlink`, FORM)

export const workspaceIn = async (browser: Browser): Promise<string> => (await browser.get('/v1/workspace')).body?.id
